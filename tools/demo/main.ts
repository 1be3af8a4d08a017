/** `npm run demo`: three Python services in an Nx workspace become images; one is edited, one is rebuilt. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBaseImages } from '../base-images/ensure-base-images';
import { ensureEngine } from '../engine/ensure-engine';
import { attempt, main, run, say, step, ToolError } from '../shell';
import { uv } from '../uv/lock';
import { NEWEST } from '../workspace/nx-versions';
import { firstAnswer } from '../workspace/http';
import { packedPlugin } from '../workspace/packed-plugin';
import { compressedLayers } from '../workspace/layers';
import { chapter, shown, typed } from './story';

const fixtures = join(__dirname, '../../packages/docker-python/fixtures');
const IMAGES = ['demo-hello', 'demo-quotes', 'demo-shop'];
/** What setup decided, and the files that it wrote, are indented. */
const FACTS = /^ {2,}\S/;
const CLOSING = /^\S+: \S+ · sha256:/;

void main(async () => {
  await ensureEngine();
  await ensureBaseImages(['3.13']);
  const tarball = await step('building and packing the plugin', packedPlugin);
  const root = mkdtempSync(join(tmpdir(), 'docker-python-demo-'));
  try {
    await tell(root, tarball);
  } finally {
    rmSync(root, { recursive: true, force: true });
    for (const image of IMAGES) await removeImage(image);
  }
});

async function tell(root: string, tarball: string): Promise<void> {
  const command = (program: string, ...argv: string[]): Promise<string> =>
    run(program, argv, { cwd: root, env: quiet(root) });
  const nx = async (...argv: string[]): Promise<string> => {
    typed(`nx ${argv.join(' ')}`);
    return command(process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...argv);
  };
  const commit = async (message: string): Promise<void> => {
    await command('git', 'add', '--all');
    await command(
      'git',
      '-c',
      'user.name=demo',
      '-c',
      'user.email=demo@example.com',
      'commit',
      '--quiet',
      '--message',
      message,
    );
  };

  chapter('1. An Nx workspace with a FastAPI service (uv) and a Django service (pip)');
  write(root, 'package.json', JSON.stringify({ name: 'acme', private: true }));
  write(root, 'nx.json', JSON.stringify({ defaultBase: 'main', analytics: false }));
  write(root, '.gitignore', 'node_modules\n.nx\ndist\n');
  await command('git', 'init', '--quiet', '--initial-branch=main');
  await step('npm install nx docker-python', () =>
    command(
      'npm',
      'install',
      '--save-dev',
      '--no-audit',
      '--no-fund',
      `nx@${NEWEST.nx}`,
      `@nx/devkit@${NEWEST.devkit}`,
      tarball,
    ),
  );
  cpSync(join(fixtures, 'uv-fastapi/project'), join(root, 'apps/demo-quotes'), { recursive: true });
  cpSync(join(fixtures, 'pip-django/project'), join(root, 'apps/demo-shop'), { recursive: true });
  rmSync(join(root, 'apps/demo-quotes/uv.lock'));
  await step('uv lock', () => uv(join(root, 'apps/demo-quotes'), ['lock']));
  for (const name of ['demo-quotes', 'demo-shop'])
    write(root, `apps/${name}/project.json`, JSON.stringify({ name }));
  await commit('two services');

  chapter('2. docker-python looks at each project and says what it decides, and why');
  for (const name of ['demo-quotes', 'demo-shop']) {
    shown(await nx('g', 'docker-python:setup', name), FACTS);
  }
  shown(await nx('g', 'docker-python:example', 'demo-hello'), FACTS);
  await commit('dockerized');

  chapter('3. Three images');
  const first = ['affected', '-t', 'docker-build', '--base=HEAD~1', '--parallel=2', '--output-style=static'];
  shown(await step('the first builds, which fetch every package', () => nx(...first)), CLOSING);
  for (const image of IMAGES) await ask(image);

  chapter('4. One line of one service is edited');
  const before = await compressedLayers('demo-hello');
  const app = readFileSync(join(root, 'apps/demo-hello/app.py'), 'utf8');
  write(root, 'apps/demo-hello/app.py', app.replace('Hello from', 'Good morning from'));
  await commit('a friendlier greeting');
  const output = await nx('affected', '-t', 'docker-build', '--base=HEAD~1', '--output-style=static');
  shown(output, CLOSING);
  const built = output.split('\n').filter((line) => CLOSING.test(line));
  if (built.length !== 1)
    throw new ToolError(`One image should have been rebuilt, not ${built.length}:\n${output}`);
  const known = new Set(before.map(({ digest }) => digest));
  const fresh = (await compressedLayers('demo-hello')).filter(({ digest }) => !known.has(digest));
  say(
    `  What a push would send: ${fresh.length} layer of ${fresh.reduce((sum, { size }) => sum + size, 0)} bytes.`,
  );
  await ask('demo-hello');

  chapter('5. Nothing is edited');
  shown(await nx('run-many', '-t', 'docker-build'), /Nx read the output|existing outputs|hit/);
  say('\nThat is all. The workspace and the images are gone again.');
}

/** Runs an image as a user would and shows its answer. */
async function ask(image: string): Promise<void> {
  const id = (await run('docker', ['run', '--detach', '--rm', '--publish=127.0.0.1::8000', image])).trim();
  try {
    const address = (await run('docker', ['port', id, '8000/tcp'])).split('\n')[0]!.trim();
    typed(`docker run -p 8000:8000 ${image} & curl localhost:8000`);
    say(`  ${(await firstAnswer(`http://${address}/`)).body.trim()}`);
  } finally {
    await attempt('docker', ['rm', '--force', id]);
  }
}

function write(root: string, path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function quiet(root: string): Record<string, string> {
  return {
    CI: 'true',
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NO_COLOR: '1',
    NX_CACHE_DIRECTORY: join(root, '.nx/cache'),
  };
}

async function removeImage(repository: string): Promise<void> {
  const { stdout } = await attempt('docker', ['images', '--format={{.Repository}}:{{.Tag}}', repository]);
  // By name: an image's id would take the tags of other projects along.
  const names = stdout.split('\n').filter((name) => name !== '' && !name.endsWith(':<none>'));
  if (names.length > 0) await attempt('docker', ['rmi', ...names]);
}
