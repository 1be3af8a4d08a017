import { NEWEST } from '../tools/workspace/nx-versions';
import { outputOf, removeImages } from './harness/docker';
import { REPOSITORY, startGitServer, type GitServer } from './harness/git-server';
import { imagePlaces, leaks } from './harness/leaks';
import { createWorkspace, type CommandResult, type Workspace } from './harness/workspace';

const MINUTES = 60_000;
const NAME = 'e2e-git-ssh';
const ROOT = `apps/${NAME}`;
const HOST = 'git.acme.test';

/** What the repository has: a package of one module. */
const PACKAGE = {
  'pyproject.toml': [
    '[build-system]\nrequires = ["flit_core>=3.12"]\nbuild-backend = "flit_core.buildapi"\n',
    '[project]\nname = "acme-soup"\nversion = "1.0"\ndescription = "Soup"\n',
  ].join('\n'),
  'acme_soup.py': 'FLAVOUR = "tomato"\n',
};

describe('a dependency from a repository that only SSH reaches', () => {
  let server: GitServer;
  let workspace: Workspace;

  const run = (target: string, socket: string): Promise<CommandResult> =>
    workspace.run(
      process.execPath,
      [`${workspace.root}/node_modules/nx/dist/bin/nx.js`, target, NAME, '--outputStyle=static'],
      { SSH_AUTH_SOCK: socket },
    );
  const build = (socket: string): Promise<CommandResult> => run('docker-build', socket);

  beforeAll(async () => {
    await removeImages(NAME);
    server = await startGitServer(PACKAGE);
    workspace = await createWorkspace(NEWEST, {
      [`${ROOT}/project.json`]: JSON.stringify({ name: NAME }),
      [`${ROOT}/requirements.in`]: `acme-soup @ git+ssh://git@${HOST}:${server.port}${REPOSITORY}@v1\n`,
      [`${ROOT}/main.py`]: 'import acme_soup\n\nprint(acme_soup.FLAVOUR)\n',
      [`${ROOT}/docker-python.json`]: JSON.stringify({
        version: 1,
        python: '3.13',
        command: ['python', 'main.py'],
        ssh: true,
        // git and the client are there all the same: the steps run them.
        systemPackages: { infer: false },
        extraBuildArgs: [`--add-host=${HOST}:host-gateway`],
      }),
    });
    await workspace.nx('sync');
    await workspace.commit('dockerized');
  }, 5 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await server.stop();
    await removeImages(NAME);
  }, MINUTES);

  it('is an error with the two commands where no agent runs', async () => {
    const { exitCode, output } = await build('');
    expect(exitCode).not.toBe(0);
    expect(output).toContain('SSH_AGENT_MISSING: ');
    expect(output).toMatch(/eval "\$\(ssh-agent -s\)"\s+ssh-add/);
    expect(output).not.toContain('load build definition');
  });

  it('is refused where the key of the host is not known', async () => {
    const { exitCode, output } = await build(server.socket);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Host key verification failed');
    expect(output).toMatch(/BUILD_FAILED: SSH does not know the host key of /);
    expect(output).toContain('docker/known_hosts');
  });

  it('is pinned and installed through the agent, and neither key nor agent is in the image', async () => {
    workspace.write(`${ROOT}/docker/known_hosts`, `[${HOST}]:${server.port} ${server.hostKey}\n`);
    const pinned = await run('pin-deps', server.socket);
    expect(pinned.output).toMatch(/^ {2}acme-soup {2}\(new\) {2}-> {2}git\+ssh:/m);
    const list = workspace.read(`${ROOT}/requirements.txt`);
    expect(list).toMatch(
      /^acme-soup @ git\+ssh:\/\/git@git\.acme\.test:\d+\/srv\/repository\.git@[0-9a-f]{40}$/m,
    );
    await workspace.nx('sync');
    const { exitCode, output } = await build(server.socket);
    expect([exitCode, output]).toEqual([0, expect.any(String)]);
    expect(await outputOf(NAME)).toBe('tomato');
    // Every key of this kind begins alike, and the last lines are its comment.
    const key = server.privateKey.trim().split('\n').slice(2, -2);
    const secrets = [...key, 'SSH_AUTH_SOCK', server.socket, server.hostKey];
    const said = Buffer.from([pinned.output, list].join());
    expect(leaks(secrets, [...(await imagePlaces(NAME)), ['pin-deps', said]])).toEqual([]);
  });
});
