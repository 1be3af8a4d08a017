import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCompose } from '../tools/compose/ensure-compose';
import { attempt, run } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { removeImages } from './harness/docker';
import { startNpmRegistry, type NpmRegistry } from './harness/npm-registry';

const repository = join(__dirname, '..');

/** Blocks of commands that a reader types, in order. */
function commandBlocks(page: string): readonly string[] {
  const text = readFileSync(join(repository, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!);
}

/** In the order in which a reader would come to them: each goes on in the workspace of those before. */
const PAGES = [
  'README.md',
  'docs/docker-build.md',
  'docs/diagnose.md',
  'docs/smoke-test.md',
  'docs/docker-run.md',
  'docs/compose.md',
  'docs/pin-deps.md',
  'docs/setup.md',
  'docs/moving.md',
  'docs/ci.md',
];

describe('the README and its pages, followed literally in a new workspace', () => {
  const blocks = PAGES.flatMap(commandBlocks);
  let registry: NpmRegistry;
  let root: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await ensureCompose();
    registry = await startNpmRegistry();
    root = mkdtempSync(join(tmpdir(), 'docker-python-readme-'));
    environment = {
      npm_config_registry: registry.url,
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      CI: 'true',
      NX_DAEMON: 'false',
    };
    // What "an Nx workspace" is, before the reader begins.
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'acme', private: true }));
    writeFileSync(join(root, 'nx.json'), JSON.stringify({ defaultBase: 'main', analytics: false }));
    writeFileSync(join(root, '.gitignore'), 'node_modules\n.nx\n');
    await run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', `nx@${NEWEST.nx}`], { cwd: root });
    for (const argv of [
      ['init', '--quiet', '--initial-branch=main'],
      ['config', 'user.name', 'reader'],
      ['config', 'user.email', 'reader@example.com'],
      ['add', '--all'],
      ['commit', '--quiet', '--message', 'a workspace'],
    ]) {
      await run('git', argv, { cwd: root });
    }
  });

  afterAll(async () => {
    await attempt('docker', ['rm', '--force', 'hello']);
    await registry.stop();
    rmSync(root, { recursive: true, force: true });
    await removeImages('hello');
  });

  it('has commands', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(13);
  });

  it.each(blocks.map((block) => [block] as const))('%s', async (block) => {
    const { ok, output } = await attempt('bash', ['-euo', 'pipefail', '-c', block], {
      cwd: root,
      env: environment,
      timeoutMs: 120_000,
    });
    expect({ ok, output }).toMatchObject({ ok: true });
    if (block.includes('localhost:8000\n')) expect(output).toMatch(/(Hello|Good morning) from hello/);
    if (block.includes('docker logs'))
      expect(output).toMatch(
        /Segmentation fault[\s\S]*raised on request|raised on request[\s\S]*Segmentation fault/,
      );
    if (block.includes('Good morning')) expect(output).toMatch(/1 of \d+ layers is new/);
    if (block.includes('More words')) expect(output).not.toMatch(/built, /);
  });
});

describe('the documentation', () => {
  it('has no page whose commands nobody runs', () => {
    const pages = readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`);
    expect(pages.filter((page) => commandBlocks(page).length > 0 && !PAGES.includes(page))).toEqual([]);
  });

  it('links to pages that exist', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      ...readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`),
    ];
    const broken = pages.flatMap((page) => {
      const text = readFileSync(join(repository, page), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) =>
        join(page, '..', link!),
      );
      return links
        .filter((link) => attemptRead(join(repository, link)) === undefined)
        .map((link) => `${page} -> ${link}`);
    });
    expect(broken).toEqual([]);
  });
});

function attemptRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
