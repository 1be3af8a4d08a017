import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docker } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

const APP = 'from flask import Flask\n\napp = Flask(__name__)\n';
const PINNED = 'flask==3.1.3\ngunicorn==27.0.1\n';

/** A project of every kind of trouble: files, the error code, and what its message has to name. */
const PROJECTS: Readonly<Record<string, { files: Record<string, string>; code: string; says: RegExp }>> = {
  'no-python': { files: { 'index.js': '' }, code: 'NOT_A_PYTHON_PROJECT', says: /apps\/no-python/ },
  'unknown-key': {
    files: { 'requirements.txt': PINNED, 'app.py': APP, 'docker-python.json': '{"version":1,"prot":80}' },
    code: 'UNKNOWN_SETTING',
    says: /"prot"[\s\S]*Did you mean "port"/,
  },
  'wrong-type': {
    files: {
      'requirements.txt': PINNED,
      'app.py': APP,
      'docker-python.json': '{"version":1,"port":"eighty"}',
    },
    code: 'INVALID_SETTINGS',
    says: /"port"/,
  },
  'broken-json': {
    files: { 'requirements.txt': PINNED, 'app.py': APP, 'docker-python.json': '{"version":1' },
    code: 'INVALID_SETTINGS',
    says: /apps\/broken-json\/docker-python\.json/,
  },
  'broken-toml': {
    files: { 'pyproject.toml': '[project\nname = "x"', 'app.py': APP },
    code: 'INVALID_MANIFEST',
    says: /apps\/broken-toml\/pyproject\.toml[\s\S]*line 1/,
  },
  'no-command': {
    files: { 'requirements.txt': PINNED, 'helpers.py': 'X = 1\n' },
    code: 'COMMAND_NOT_FOUND',
    says: /"command"/,
  },
  'missing-include': {
    files: { 'requirements.txt': '-r base.txt\n', 'app.py': APP },
    code: 'REQUIREMENTS_MISSING',
    says: /base\.txt[\s\S]*requirements\.txt|requirements\.txt[\s\S]*base\.txt/,
  },
  escaping: {
    files: { 'requirements.txt': '-r ../../../etc/passwd\n', 'app.py': APP },
    code: 'OUTSIDE_WORKSPACE',
    says: /etc\/passwd/,
  },
};

/** Names that must never reach a shell, an image reference or a Dockerfile as they are. */
const HOSTILE = ['has space', 'größe', 'semi;colon', '$(touch pwned)', 'back`tick', "quo'te"];

describe('bad input', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST);
    for (const [name, { files }] of Object.entries(PROJECTS)) {
      workspace.write(`apps/${name}/project.json`, JSON.stringify({ name }));
      for (const [path, text] of Object.entries(files)) workspace.write(`apps/${name}/${path}`, text);
    }
    for (const [i, name] of HOSTILE.entries()) {
      workspace.write(`apps/hostile-${i}/project.json`, JSON.stringify({ name }));
      workspace.write(`apps/hostile-${i}/app.py`, APP);
      workspace.write(`apps/hostile-${i}/requirements.txt`, PINNED);
      workspace.write(`in ${name}/app.py`, APP);
      workspace.write(`in ${name}/requirements.txt`, PINNED);
    }
    await workspace.commit('trouble');
  });

  afterAll(() => workspace.remove());

  /** Nothing was written, and what was said is ours, not a stack trace. */
  async function expectRefusal(output: string, code: string): Promise<void> {
    expect(output).toContain(`${code}: `);
    expect(output).toContain('What to do: ');
    expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
    expect((await workspace.run('git', ['status', '--porcelain'])).output).toBe('');
  }

  it.each(Object.entries(PROJECTS))(
    '%s is refused by setup, and no file is touched',
    async (name, { code, says }) => {
      const { exitCode, output } = await workspace.tryNx('g', 'docker-python:setup', name);
      expect(exitCode).not.toBe(0);
      await expectRefusal(output, code);
      expect(output).toMatch(says);
    },
  );

  it('an unknown project is refused with the nearest name', async () => {
    const { exitCode, output } = await workspace.tryNx('g', 'docker-python:setup', 'no-pyton');
    expect(exitCode).not.toBe(0);
    await expectRefusal(output, 'PROJECT_UNKNOWN');
    expect(output).toContain('Did you mean "no-python"');
  });

  it.each(HOSTILE)('the project name %j is refused by setup', async (name) => {
    const { exitCode, output } = await workspace.tryNx('g', 'docker-python:setup', name);
    expect(exitCode).not.toBe(0);
    await expectRefusal(output, 'INVALID_IMAGE_NAME');
    expect(workspace.exists('pwned')).toBe(false);
  });

  it.each(HOSTILE.map((name) => `in ${name}`))('the folder %j is refused by setup', async (name) => {
    const { exitCode, output } = await workspace.tryNx('g', 'docker-python:setup', name);
    expect(exitCode).not.toBe(0);
    await expectRefusal(output, 'UNSUPPORTED_PATH');
    expect(workspace.exists('pwned')).toBe(false);
  });

  it('a hostile project name is refused by the build of a project that was set up by hand', async () => {
    workspace.write('apps/hostile-3/docker-python.json', '{"version":1}');
    workspace.write('apps/hostile-3/Dockerfile', 'FROM scratch\n');
    workspace.write('apps/hostile-3/Dockerfile.dockerignore', '*\n');
    const { exitCode, output } = await workspace.tryNx('run', `${HOSTILE[3]}:docker-build`);
    await workspace.run('git', ['clean', '-fdq', 'apps']);
    expect(exitCode).not.toBe(0);
    expect(workspace.exists('pwned')).toBe(false);
    await expectRefusal(output, 'INVALID_IMAGE_NAME');
  });
});

describe('an engine that cannot be used', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', 'e2e-engine');
    await workspace.commit('example');
  });

  afterAll(() => workspace.remove());

  /** A `docker` that stands in front of the real one. */
  function withDocker(script: string): Record<string, string> {
    const bin = join(workspace.root, '.nx/bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'docker'), 0o755);
    return { PATH: `${bin}:${process.env['PATH']}` };
  }

  async function build(env: Record<string, string>): Promise<string> {
    const nx = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
    const { exitCode, output } = await workspace.run(
      process.execPath,
      [nx, 'docker-build', 'e2e-engine'],
      env,
    );
    expect(exitCode).not.toBe(0);
    expect(output).toContain('What to do: ');
    expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
    return output;
  }

  it('does not run', async () => {
    expect(await build({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toContain('ENGINE_NOT_RUNNING: ');
  });

  it('has no buildx', async () => {
    const real = (await workspace.run('sh', ['-c', 'command -v docker'])).output.trim();
    const shim = `[ "$1" = buildx ] && { echo "docker: unknown command: docker buildx" >&2; exit 1; }\nexec ${real} "$@"`;
    expect(await build(withDocker(shim))).toContain('BUILDX_MISSING: ');
  });

  it('may not be used by this user', async () => {
    const real = (await workspace.run('sh', ['-c', 'command -v docker'])).output.trim();
    const shim = `exec setpriv --reuid=65534 --regid=65534 --clear-groups ${real} "$@"`;
    expect(await build(withDocker(shim))).toContain('ENGINE_PERMISSION: ');
  });

  it('is not installed', async () => {
    const bin = join(workspace.root, '.nx/no-docker');
    mkdirSync(bin, { recursive: true });
    for (const tool of ['node', 'git', 'sh']) {
      symlinkSync((await workspace.run('sh', ['-c', `command -v ${tool}`])).output.trim(), join(bin, tool));
    }
    expect(await build({ PATH: bin })).toContain('ENGINE_MISSING: ');
  });

  it('is fine after all of this', async () => {
    expect(await docker('version', '--format', '{{.Server.Version}}')).toMatch(/^\d+/);
  });
});
