import { attempt } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-failing';
const ROOT = `apps/${NAME}`;
/** A variable of whoever builds. */
const TOKEN = 'E2E_FAILING_TOKEN';
const SCRIPT = `${ROOT}/docker/build-code.sh`;

/** The lines of the command that opens a shell before the step. */
function shellCommand(output: string): string {
  const [, command] =
    /^A shell just before it[^\n]*:\n((?: {4}[^\n]*\n)+)/m.exec(output.replaceAll('\r', '')) ?? [];
  if (command === undefined) throw new Error(`no command in:\n${output}`);
  return command;
}

describe('a build that fails', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages(NAME, 'docker-python-debug');
    process.env[TOKEN] = 'right';
    workspace = await createWorkspace(NEWEST, {
      [`${ROOT}/main.py`]: 'import six\n\nprint(six.__version__)\n',
      [`${ROOT}/requirements.txt`]: 'six==1.17.0\n',
      [SCRIPT]: [
        'set -eu\n[ "$TABLE_TOKEN" != right ] || echo "the token is right"',
        'echo "a table is missing" >&2\ngrep -q secret table.txt\n',
      ].join('\n'),
      [`${ROOT}/docker-python.json`]: JSON.stringify({
        version: 1,
        buildEnv: { TABLE_TOKEN: { secret: { env: TOKEN }, rotates: true } },
      }),
    });
    await workspace.nx('g', 'docker-python:setup', ROOT);
    await workspace.commit('set up');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(NAME, 'docker-python-debug');
  });

  /** Types a line into the shell that a printed command opens, which wants a terminal and gets one. */
  async function typed(command: string, line: string): Promise<string> {
    // A terminal ends with the last line it is given: give the shell the time to read it.
    const input = `{ sleep 0.1; echo ${quoted(line)}; echo exit; } | `;
    const { output } = await attempt(
      'bash',
      ['-c', `${input} script --quiet --return --command ${quoted(command)} /dev/null`],
      { cwd: workspace.root, timeoutMs: 400_000, env: { [TOKEN]: 'right' } },
    );
    return output;
  }

  it('names the step, its last words, the file to edit', async () => {
    const output = await workspace.failsNx('docker-build', NAME);
    expect(output).toMatch(/BUILD_FAILED: .*\s+The step that failed: \[application \d+\/\d+\], line \d+ of /);
    expect(output).toContain('    a table is missing\n');
    expect(output).toContain(`The file to edit: ${SCRIPT}\n`);
    const line = Number(/line (\d+) of /.exec(output)![1]);
    expect(workspace.read(`${ROOT}/Dockerfile`).split('\n')[line - 1]).toMatch(/^RUN/);
  });

  it('gives a command whose shell is where the step was, and in which it can be run', async () => {
    const output = await workspace.failsNx('docker-build', NAME);
    const said = await typed(
      shellCommand(output),
      'echo "in $PWD"; ls /run/hooks; /opt/venv/bin/python -c "import six; print(six.__file__)"; sh /debug/step.sh; echo "ended with $?"',
    );
    expect(said).toContain(`in /app/${ROOT}`);
    // A line of its own: the command builds first, and BuildKit names it as well.
    expect(said).toMatch(/^build-code\.sh\r?$/m);
    expect(said).toMatch(/\/opt\/venv\/\S+\/six\.py/);
    expect(said).toMatch(/the token is right[\s\S]*a table is missing[\s\S]*ended with 2/);
    expect(output).not.toContain('=right');
  });

  it('is told of on a terminal as well, where BuildKit draws', async () => {
    const nx = `${process.execPath} node_modules/nx/dist/bin/nx.js docker-build ${NAME}`;
    const argv = ['--quiet', '--return', '--command', nx, '/dev/null'];
    // Where CI is true, Nx gives its tasks no terminal.
    const { exitCode, output } = await workspace.run('script', argv, { CI: 'false' });
    expect(exitCode).not.toBe(0);
    expect(output).toContain('[+] Building');
    expect(output).toContain(`The file to edit: ${SCRIPT}`);
    expect(output).toContain('    a table is missing');
  });

  it('gives a shell before packages are installed, with the certificates of this host', async () => {
    workspace.write(`${ROOT}/requirements.txt`, 'six==1.17.0\nno-such-package-of-anybody==1.0\n');
    const output = await workspace.failsNx('docker-build', NAME);
    expect(output).toMatch(/The step that failed: \[(lock|dependencies) /);
    expect(output).toContain(`The file to edit: ${ROOT}/requirements.txt\n`);
    const said = await typed(
      shellCommand(output),
      'sed -i \'/anybody/d\' requirements.txt; sh /debug/step.sh; echo "ended with $?"',
    );
    expect(said).toMatch(/ended with 0/);
  });

  it('of a Dockerfile that somebody wrote names that file', async () => {
    workspace.write(
      `${ROOT}/Dockerfile`,
      'FROM python:3.13-slim-trixie AS runtime\nRUN echo gone && false\n',
    );
    const output = await workspace.failsNx('docker-build', NAME);
    expect(output).toContain('The step that failed: [2/2], line 2 of');
    expect(output).toContain(`The file to edit: ${ROOT}/Dockerfile\n`);
    expect(await typed(shellCommand(output), 'python -V')).toMatch(/Python 3\.13/);
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
