import { NX_VERSIONS } from '../tools/workspace/nx-versions';
import { manifestOf, removeImages, startContainer } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

/** A service with a module that a target of its own generates, and a front end that another project builds. */
const FILES = {
  'apps/shop/project.json': JSON.stringify({
    name: 'e2e-artifacts',
    targets: {
      generate: {
        executor: 'nx:run-commands',
        cache: true,
        inputs: ['{workspaceRoot}/apps/shop/rates.json', { externalDependencies: [] }],
        outputs: ['{projectRoot}/generated'],
        options: {
          command:
            "node -e \"fs.mkdirSync('generated',{recursive:true});fs.writeFileSync('generated/rates.py','RATE = '+JSON.parse(fs.readFileSync('rates.json','utf8')).rate+String.fromCharCode(10))\"",
          cwd: 'apps/shop',
        },
      },
    },
  }),
  'apps/shop/.gitignore': 'generated\n',
  'apps/shop/rates.json': '{ "rate": 7 }\n',
  'apps/shop/.python-version': '3.13\n',
  'apps/shop/requirements.txt': '',
  'apps/shop/server.py': [
    'import functools',
    'from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer',
    'from pathlib import Path',
    'from generated.rates import RATE',
    '',
    'static = Path(__file__).parent / "static/web"',
    '(static / "index.html").read_text("utf-8")',
    'print(f"rate {RATE}", flush=True)',
    'handler = functools.partial(SimpleHTTPRequestHandler, directory=static)',
    'ThreadingHTTPServer(("0.0.0.0", 8000), handler).serve_forever()',
    '',
  ].join('\n'),
  'apps/shop/docker-python.json': JSON.stringify({
    version: 1,
    command: ['python', 'server.py'],
    port: 8000,
    artifacts: [
      { target: 'generate', from: '{projectRoot}/generated' },
      { target: 'web:build', from: 'dist/apps/web', to: 'static/web' },
    ],
  }),
  'apps/web/project.json': JSON.stringify({
    name: 'web',
    targets: {
      build: {
        executor: 'nx:run-commands',
        cache: true,
        inputs: ['{projectRoot}/page.html', { externalDependencies: [] }],
        outputs: ['{workspaceRoot}/dist/apps/web'],
        options: {
          command:
            "node -e \"fs.mkdirSync('dist/apps/web',{recursive:true});fs.copyFileSync('apps/web/page.html','dist/apps/web/index.html')\"",
        },
      },
    },
  }),
  'apps/web/page.html': '<h1>first</h1>\n',
};

/** Of the build itself: the targets that it waits for are cached as well. */
const HIT = /e2e-artifacts:docker-build +\[(existing outputs match the cache|local cache)/;

describe.each(NX_VERSIONS)('outputs of other targets on Nx $nx', (version) => {
  const image = 'e2e-artifacts';
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages(image);
    workspace = await createWorkspace(version, FILES);
    await workspace.nx('sync');
    await workspace.commit('dockerized');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(image);
  });

  async function answer(): Promise<string> {
    const container = await startContainer(image, 8000);
    try {
      return `${(await container.logs()).split('\n')[0]}, ${(await container.get('/')).body}`;
    } finally {
      await container.remove();
    }
  }

  it('are made first, and are in the image although git ignores them', async () => {
    const output = await workspace.nx('docker-build', image);
    expect(output).toMatch(/web:build[\s\S]*docker-build/);
    expect(await answer()).toBe('rate 7, <h1>first</h1>\n');
  });

  it('make the build a cache hit as long as they are the same', async () => {
    expect(await workspace.nx('docker-build', image)).toMatch(HIT);
    expect(await workspace.nx('affected', '-t', 'docker-build', '--base=HEAD')).toMatch(/No tasks were run/);
  });

  it('select and rebuild the image, in one layer, when the front end changes', async () => {
    const before = new Set((await manifestOf(image)).layers.map(({ digest }) => digest));
    workspace.write('apps/web/page.html', '<h1>second</h1>\n');
    await workspace.nx('affected', '-t', 'docker-build', '--base=HEAD');
    expect(await answer()).toBe('rate 7, <h1>second</h1>\n');
    const after = (await manifestOf(image)).layers.map(({ digest }) => digest);
    expect(after.filter((digest) => !before.has(digest))).toHaveLength(1);
  });

  it('rebuild it when what they are generated from changes', async () => {
    workspace.write('apps/shop/rates.json', '{ "rate": 19 }\n');
    await workspace.nx('affected', '-t', 'docker-build', '--base=HEAD');
    expect(await answer()).toBe('rate 19, <h1>second</h1>\n');
  });

  it('are missed by name if the target does not make them', async () => {
    const settings = JSON.parse(workspace.read('apps/shop/docker-python.json')) as Record<string, unknown>;
    const artifacts = [{ target: 'web:build', from: 'dist/apps/gone', to: 'static/web' }];
    workspace.write('apps/shop/docker-python.json', JSON.stringify({ ...settings, artifacts }));
    await workspace.nx('sync');
    const { exitCode, output } = await workspace.tryNx('docker-build', image);
    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      'ARTIFACT_MISSING: There is no dist/apps/gone, although the target web:build should have made it.',
    );
  });
});
