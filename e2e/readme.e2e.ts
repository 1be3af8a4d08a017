import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { ensureCompose } from '../tools/compose/ensure-compose';
import { attempt, run } from '../tools/shell';
import { removeImages } from './harness/docker';
import { startNpmRegistry, type NpmRegistry } from './harness/npm-registry';
import { PAGE_SETTINGS, writeApi, type Desk, type PageSetting } from './harness/page-settings';
import {
  blocksOf,
  commandBlocks,
  pages,
  textBlocks,
  textOf,
  workspaceBlock,
  type CommandBlock,
} from './harness/pages';

/**
 * In the order in which a reader would come to them: each goes on in the workspace of those before. What a page takes
 * for granted beside that is a named setting, which is gone after the page.
 */
const PAGES: readonly (readonly [page: string, setting?: PageSetting])[] = [
  ['README.md'],
  ['docs/docker-build.md'],
  ['docs/diagnose.md'],
  ['docs/smoke-test.md'],
  ['docs/docker-run.md'],
  ['docs/image.md'],
  ['docs/compose.md'],
  ['docs/push.md', 'a registry'],
  ['docs/audit.md', 'a database of vulnerabilities'],
  ['docs/pin-deps.md'],
  ['docs/moving.md', 'a Dockerfile of its own'],
  ['docs/setup.md'],
  ['docs/monorepo.md', 'a shared lock'],
  ['docs/private-index.md', 'a private index'],
  ['docs/build-environment.md', 'an SSH key'],
  ['docs/guides.md', 'a Django project'],
  ['docs/refresh.md'],
  ['docs/ci.md', 'a remote'],
];

/** Pages that the test of another workspace follows, by its file. */
const FOLLOWED_ELSEWHERE: Readonly<Record<string, string>> = { 'docs/installing.md': 'install.e2e.ts' };

/** What is printed where a block has these words, beyond how it ends. */
const PRINTED: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['localhost:8000\n', /(Hello|Good morning) from hello|^api$/m],
  ['docker logs', /Segmentation fault[\s\S]*raised on request|raised on request[\s\S]*Segmentation fault/],
  ['Good morning', /1 of \d+ layers is new/],
  ['More words', /hello:docker-build +\[(local cache|existing outputs match the cache[^\]]*)\]/],
  ['setup api\n', /api \(apps\/api\)|FILE_EXISTS/],
  ['push --tag=v1.4.0', /tags set: [^\n]*v1\.4\.0/],
  ['audit api', /^ {2}itsdangerous \S+ {2}medium .*CVE-2026-0001[\s\S]*pin-deps api --upgrade-package=/m],
  ['--upgrade-package idna', /^(?![\s\S]*shapes:docker-build)[\s\S]*names:docker-build/],
  ['ssh-add', /Identity added/],
];

/** What the projects of the pages are built as. */
const IMAGES = ['hello', 'other', 'api', 'names', 'shapes', 'shop'];

let desk: Desk;
let registry: NpmRegistry | undefined;

describe('the README and the pages, followed literally in a new workspace', () => {
  beforeAll(async () => {
    await attempt('docker', ['rm', '--force', 'hello']);
    await removeImages(...IMAGES);
    await ensureCompose();
    registry = await startNpmRegistry();
    desk = {
      root: mkdtempSync(join(tmpdir(), 'docker-python-readme-')),
      environment: {
        npm_config_registry: registry.url,
        NX_NO_CLOUD: 'true',
        NX_TUI: 'false',
        CI: 'true',
        NX_DAEMON: 'false',
        FORCE_COLOR: '0',
      },
    };
    const { ok, output } = await typed({ text: workspaceBlock() });
    if (!ok) throw new Error(output);
    // What "an Nx workspace" with a Python project is, before the reader begins.
    const { root } = desk;
    writeApi(desk);
    for (const argv of [
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
    await registry?.stop();
    rmSync(desk.root, { recursive: true, force: true });
    await removeImages(...IMAGES);
  });

  describe.each(PAGES.map(([page, setting]) => ({ page, setting })))('$page', ({ page, setting }) => {
    let takeBack: () => Promise<void> = () => Promise.resolve();

    beforeAll(async () => {
      if (setting) takeBack = await PAGE_SETTINGS[setting](desk);
    });

    afterAll(() => takeBack());

    it.each(commandBlocks(page).map((block) => [block.text, block] as const))('%s', async (text, block) => {
      const { ok, output } = block.ending === 'ctrl-c' ? await interrupted(block) : await typed(block);
      if (ok !== (block.ending !== 'fails'))
        throw new Error(`it ${ok ? 'did not fail' : 'failed'}:\n${output}`);
      for (const [part, pattern] of PRINTED) if (text.includes(part)) expect(output).toMatch(pattern);
      if (output.includes('FILE_EXISTS'))
        for (const line of shownBySetup()) expect(output.split('\n')).toContain(line);
    });
  });
});

/** What docs/setup.md shows for the project whose Dockerfile somebody wrote. */
function shownBySetup(): readonly string[] {
  const shown = textBlocks('docs/setup.md').find((text) => text.startsWith('FILE_EXISTS'))!;
  return shown.split('\n').filter((line) => line.startsWith(' '));
}

function typed({ text }: Pick<CommandBlock, 'text'>): ReturnType<typeof attempt> {
  const { root, environment } = desk;
  return attempt('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: root,
    env: environment,
    timeoutMs: 500_000,
  });
}

/** Runs until the service answers, then presses Ctrl-C; well if nothing answers any more. */
async function interrupted({ text }: CommandBlock): Promise<{ ok: boolean; output: string }> {
  const { root: cwd, environment } = desk;
  const env = { ...process.env, ...environment };
  // A group of its own, which gets the signal as that of a terminal does.
  const child = spawn('bash', ['-euo', 'pipefail', '-c', text], { cwd, env, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const deadline = Date.now() + 240_000;
  while (!(await answers()) && Date.now() < deadline && child.exitCode === null) await sleep(250);
  const answered = await answers();
  if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
  await ended;
  return { ok: answered && !(await answers()), output };
}

async function answers(): Promise<boolean> {
  return fetch('http://127.0.0.1:8000').then(
    ({ ok }) => ok,
    () => false,
  );
}

describe('the documentation', () => {
  it('has no page whose commands nobody runs', () => {
    const followed = [...PAGES.map(([page]) => page), ...Object.keys(FOLLOWED_ELSEWHERE)];
    expect(pages().filter((page) => commandBlocks(page).length > 0 && !followed.includes(page))).toEqual([]);
    for (const [page, file] of Object.entries(FOLLOWED_ELSEWHERE))
      expect(textOf(`e2e/${file}`)).toContain(`commandBlocks('${page}')`);
  });

  it('marks no command as text, by which nobody would run it', () => {
    const typical = /^(?:npx |nx |npm |git |docker |curl |bash |uv |eval |ssh-|node |pip )/m;
    const unmarked = pages().flatMap((page) =>
      textBlocks(page)
        .filter((text) => typical.test(text))
        .map((text) => `${page}: ${text.split('\n')[0]}`),
    );
    // The scripts of a workspace without Nx's own CI: ci-script.e2e.ts runs each. What npm run has is CI of this repository.
    expect(unmarked).toEqual([
      'README.md: npm run demo     three services become images, one is edited, one is rebuilt',
      'docs/ci.md: bash tools/ci/docker-python.sh verify',
    ]);
  });

  it.each<[string, (text: string) => unknown]>([
    ['yaml', parseYaml],
    ['toml', parseToml],
  ])('has pieces of %s that can be read', (language, parse) => {
    const pieces = pages().flatMap((page) => blocksOf(page, language));
    expect(pieces).not.toEqual([]);
    for (const piece of pieces) expect(Object.keys(parse(piece) as object)).not.toEqual([]);
  });

  it('links to pages that exist', () => {
    const broken = ['CONTRIBUTING.md', ...pages()].flatMap((page) => {
      const links = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) =>
        join(page, '..', link!),
      );
      return links.filter((link) => attemptRead(link) === undefined).map((link) => `${page} -> ${link}`);
    });
    expect(broken).toEqual([]);
  });
});

function attemptRead(path: string): string | undefined {
  try {
    return textOf(path);
  } catch {
    return undefined;
  }
}
