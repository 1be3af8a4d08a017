import { docker, removeImages, TRUST } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

const APT = `RUN --mount=type=secret,id=ca,target=/ca.crt echo 'Acquire::https::CaInfo "/ca.crt";' > /etc/apt/apt.conf.d/99ca && apt-get update -qq && apt-get install -qq -y --no-install-recommends python3 python3-venv && rm -rf /etc/apt/apt.conf.d/99ca /var/lib/apt/lists/*`;

/** Bases that are made here. None of the real Ubuntu and RHEL images can be had on the machines that run this. */
const BASES: Readonly<Record<string, readonly string[]>> = {
  // Python as a system package, as in Ubuntu and in RHEL.
  'e2e-base-system': [
    'FROM python:3.13-slim-trixie',
    'RUN rm -r /usr/local/bin/* /usr/local/lib/python3.13',
    APT,
    'USER 1234',
  ],
  // Of no name that says what it is, and its user may install nothing.
  'e2e-base-user': ['FROM python:3.13-slim-trixie', 'USER 1001:1001'],
  'e2e-base-none': ['FROM python:3.13-slim-trixie', 'RUN rm /usr/local/bin/*'],
  // RHEL's words for Debian's packages: it shows that the build speaks them, not that RHEL understands them.
  'e2e-base-rhel': [
    'FROM e2e-base-system',
    'USER 0',
    `RUN printf '#!/bin/sh\\necho "$@" >> /microdnf.log\\n' > /usr/bin/microdnf && chmod +x /usr/bin/microdnf && mv /usr/bin/apt-get /usr/bin/not-here`,
  ],
};

describe('bases other than the official one', () => {
  const images = ['e2e-system', 'e2e-user', 'e2e-none', 'e2e-rhel', 'e2e-alpine'];
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages(...images);
    const project = (name: string, base: unknown): Record<string, string> => ({
      [`apps/${name}/main.py`]:
        'import six, sys\nprint("Python", sys.version_info[:2], six.__version__, sys.base_prefix)\n',
      [`apps/${name}/requirements.txt`]: 'six==1.17.0\n',
      [`apps/${name}/docker-python.json`]: JSON.stringify({ version: 1, python: '3.13', base }),
    });
    workspace = await createWorkspace(NEWEST, {
      ...project('e2e-system', { image: 'e2e-base-system', family: 'ubuntu' }),
      ...project('e2e-user', 'e2e-base-user'),
      ...project('e2e-none', 'e2e-base-none'),
      ...project('e2e-rhel', { image: 'e2e-base-rhel', family: 'rhel' }),
      ...project('e2e-alpine', 'python:3.13-alpine'),
    });
    for (const [tag, lines] of Object.entries(BASES)) {
      workspace.write(`bases/${tag}/Dockerfile`, `${lines.join('\n')}\n`);
      const argv = ['buildx', 'build', '-q', '-t', tag, '--provenance=false', TRUST, `bases/${tag}`];
      expect(await workspace.run('docker', argv)).toMatchObject({ exitCode: 0 });
    }
    for (const name of ['e2e-system', 'e2e-user', 'e2e-none', 'e2e-rhel']) {
      await workspace.nx('g', 'docker-python:setup', `apps/${name}`);
    }
    await workspace.commit('set up');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(...images, ...Object.keys(BASES));
  });

  it('may have their Python as a system package', async () => {
    await workspace.nx('docker-build', 'e2e-system');
    expect(await docker('run', '--rm', 'e2e-system')).toBe('Python (3, 13) 1.17.0 /usr');
    expect(await docker('run', '--rm', 'e2e-system', 'id', '-u')).toBe('10001');
  });

  it('may end as a user that installs nothing', async () => {
    await workspace.nx('docker-build', 'e2e-user');
    expect(await docker('run', '--rm', 'e2e-user')).toBe('Python (3, 13) 1.17.0 /usr/local');
    expect(await docker('run', '--rm', 'e2e-user', 'id', '-u')).toBe('10001');
    expect(await docker('image', 'inspect', '--format={{.Config.User}}', 'e2e-user')).toBe('10001:0');
  });

  it('have to have the Python that is asked for', async () => {
    const { exitCode, output } = await workspace.tryNx('docker-build', 'e2e-none');
    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      'docker-python: e2e-base-none has no Python 3.13. Set "base" to an image that has it',
    );
  });

  it('of the RHEL family install with microdnf, and get a static tini', async () => {
    await workspace.nx('docker-build', 'e2e-rhel');
    expect(await docker('run', '--rm', 'e2e-rhel')).toBe('Python (3, 13) 1.17.0 /usr');
    expect(await docker('run', '--rm', 'e2e-rhel', 'cat', '/microdnf.log')).toMatch(
      /^-y upgrade --nodocs [\s\S]*^clean all$/m,
    );
    expect(
      await docker('run', '--rm', 'e2e-rhel', 'sh', '-c', 'tr "\\0" " " < /proc/1/cmdline; which tini'),
    ).toMatch(/^tini -- [\s\S]*\/usr\/local\/bin\/tini$/);
  });

  it('of Alpine are refused with the reason and the switch', async () => {
    const { exitCode, output } = await workspace.tryNx('g', 'docker-python:setup', 'apps/e2e-alpine');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/UNSUPPORTED_BASE: python:3\.13-alpine is Alpine[\s\S]*"family": "alpine"/);
  });
});
