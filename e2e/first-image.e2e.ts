import { randomUUID } from 'node:crypto';
import { docker, manifestOf, removeImages, startContainer } from './harness/docker';
import { NX_VERSIONS } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

/** A word that no earlier run has built, nor an earlier attempt of this one. */
function other(): string {
  return `w${randomUUID().replaceAll('-', '')}`;
}

/** The line of a docker-build that sums it up. */
function closing(output: string): string {
  return /^\S+: \S+ · sha256:.*$/m.exec(output)?.[0] ?? output;
}

describe.each(NX_VERSIONS)('the first image on Nx $nx', (version) => {
  const image = `e2e-first-${version.nx.replaceAll('.', '-')}`;
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages(image);
    workspace = await createWorkspace(version);
    await workspace.nx('g', 'docker-python:example', image);
    await workspace.commit('example');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(image);
  });

  it('is built and answers', async () => {
    expect(closing(await workspace.nx('docker-build', image))).toContain(
      'built, first image of this checkout',
    );
    const container = await startContainer(image, 8000);
    try {
      expect(await container.get('/')).toEqual({ status: 200, body: `Hello from ${image}\n` });
      expect((await container.get('/exception')).status).toBe(500);
      await container.get('/crash').catch(() => 'the worker is gone, as asked');
      expect((await container.get('/')).status).toBe(200);
      const logs = await container.logs();
      expect(logs).toContain('RuntimeError: raised on request');
      expect(logs).toMatch(/Fatal Python error: Segmentation fault[\s\S]*app\.py", line \d+ in crash/);
    } finally {
      await container.remove();
    }
  });

  it('is a cache hit for Nx when nothing changed, and when only tests or documentation did', async () => {
    expect(await workspace.nx('docker-build', image)).toMatch(
      /read the output from the cache|existing outputs match the cache/,
    );
    const word = other();
    workspace.write(`apps/${image}/tests/test_more.py`, `def test_${word}():\n    pass\n`);
    workspace.write(`apps/${image}/README.md`, `# ${word}\n`);
    workspace.write('apps/web/index.js', `console.log("${word}");\n`);
    expect(await workspace.nx('docker-build', image)).toMatch(
      /read the output from the cache|existing outputs match the cache/,
    );
  });

  it('is found by its content key when only the Nx cache is gone', async () => {
    expect(closing(await workspace.nx('docker-build', image, '--skip-nx-cache'))).toContain(
      'unchanged: the engine has the image of exactly these sources',
    );
  });

  it('has one new layer of at most 4 KB after an edit of one line, and no dependency step runs', async () => {
    const before = await manifestOf(image);
    const app = workspace.read(`apps/${image}/app.py`);
    const word = other();
    workspace.write(`apps/${image}/app.py`, app.replace('Hello from', word));
    const output = await workspace.nx('docker-build', image);
    const after = await manifestOf(image);
    const known = new Set(before.layers.map(({ digest }) => digest));
    const fresh = after.layers.filter(({ digest }) => !known.has(digest));
    expect(fresh).toHaveLength(1);
    expect(fresh[0]!.size).toBeLessThanOrEqual(4096);
    const step = /^#(\d+) \[dependencies 1\/1\]/m.exec(output)?.[1];
    // BuildKit cancels a step that it finds it does not need at all.
    expect(output).toMatch(new RegExp(`^#${step} (CACHED|CANCELED)$`, 'm'));
    expect(output).not.toMatch(new RegExp(`^#${step} DONE`, 'm'));
    const container = await startContainer(image, 8000);
    expect((await container.get('/').finally(() => container.remove())).body).toBe(`${word} ${image}\n`);
  });

  it('writes a record without paths, times, hosts or secrets', () => {
    const record = workspace.read(`dist/docker-python/apps/${image}/image.runtime.json`);
    expect(Object.keys(JSON.parse(record) as object).sort()).toEqual(
      [
        'base',
        'contentKey',
        'image',
        'imageId',
        'layers',
        'manifestDigest',
        'platforms',
        'size',
        'version',
      ].sort(),
    );
    expect(record).not.toContain(workspace.root);
    expect(record).not.toMatch(/\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d/);
  });

  it('leaves managed files alone on a second setup', async () => {
    await workspace.commit('before the second setup');
    await workspace.nx('g', 'docker-python:setup', image);
    expect((await workspace.run('git', ['status', '--porcelain'])).output).toBe('');
  });
});

describe('what was built', () => {
  it('carries labels of the OCI specification and nothing of the build host', async () => {
    const workspace = await createWorkspace(NX_VERSIONS[2]);
    try {
      await workspace.nx('g', 'docker-python:example', 'e2e-labels');
      await workspace.run('git', [
        'remote',
        'add',
        'origin',
        'https://user:hunter2@git.example.com/acme/shop.git',
      ]);
      await workspace.commit('example');
      await workspace.nx('docker-build', 'e2e-labels');
      const revision = (await workspace.run('git', ['rev-parse', 'HEAD'])).output.trim();
      const inspected = await docker('image', 'inspect', 'e2e-labels');
      const { Labels, User, Entrypoint } = (
        JSON.parse(inspected) as { Config: Record<string, unknown> }[]
      )[0]!.Config;
      expect(Labels).toMatchObject({
        'org.opencontainers.image.title': 'e2e-labels',
        'org.opencontainers.image.revision': revision,
        'org.opencontainers.image.source': 'https://git.example.com/acme/shop.git',
        'org.opencontainers.image.base.name': 'python:3.13-slim-trixie',
      });
      expect(User).toBe('10001:0');
      expect(Entrypoint).toEqual(['tini', '--']);
      const listing = await docker(
        'run',
        '--rm',
        '--entrypoint=sh',
        'e2e-labels',
        '-c',
        'ls -a /app/apps/e2e-labels; ls /run/secrets 2>&1; env',
      );
      expect(listing).toMatch(/^app\.py$/m);
      expect(listing).not.toMatch(
        /project\.json|docker-python\.json|tests|README|requirements|SSL_CERT|PIP_CERT|REQUESTS_CA/,
      );
    } finally {
      workspace.remove();
      await removeImages('e2e-labels');
    }
  });
});
