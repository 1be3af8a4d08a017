import { FLASK } from '../../testing/projects';
import { complaint, filesOf, quietly, workspaceTree } from '../../testing/workspace';
import { ownership } from '../../render/managed';
import { readBaseLock } from '../../settings/base-lock';
import { BASE_LOCK_FILE } from '../../settings/file-name';
import setup from '../setup/generator';
import sync from '../sync/generator';
import refresh, { refreshWith, type Resolve } from './generator';

const BASE = 'python:3.13-slim-trixie';
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const says =
  (digit: string): Resolve =>
  () =>
    Promise.resolve({ digest: digest(digit), origin: 'registry' });

async function workspace() {
  const tree = workspaceTree({ api: FLASK, jobs: { ...FLASK, '.python-version': '3.12\n' } });
  await quietly(() => setup(tree, { project: 'api' }));
  await quietly(() => setup(tree, { project: 'jobs' }));
  return tree;
}

const lockOf = (tree: Awaited<ReturnType<typeof workspace>>) =>
  readBaseLock(tree.read(BASE_LOCK_FILE, 'utf-8')!);

it('makes the lock of all bases, and the Dockerfiles follow it', async () => {
  const tree = await workspace();
  const { printed } = await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  expect(lockOf(tree)).toEqual([
    { image: 'python:3.12-slim-trixie', digest: digest('a'), packages: '2026-11-25' },
    { image: BASE, digest: digest('a'), packages: '2026-11-25' },
  ]);
  expect(tree.read('apps/api/Dockerfile', 'utf-8')).toContain(`FROM ${BASE}@${digest('a')} AS base`);
  expect(printed).toContain(`${BASE}\n    ${digest('a')}`);
  expect(printed).toContain('apps/jobs/Dockerfile: changed');
  const before = filesOf(tree);
  await sync(tree);
  await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  expect(filesOf(tree)).toEqual(before);
});

it('renews digests and day, and says what they were', async () => {
  const tree = await workspace();
  await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  const { printed } = await quietly(() => refreshWith(tree, '2026-12-02', says('b')));
  expect(printed).toContain(`${digest('a').slice(0, 19)} -> ${digest('b')}`);
  const text = tree.read('apps/api/Dockerfile', 'utf-8')!;
  expect(text).toContain(`@${digest('b')} AS base`);
  expect(text).toContain('as of 2026-12-02.');
  expect(ownership(text)).toBe('managed');
});

it('reaches a Dockerfile that somebody edited, and changes nothing else of it', async () => {
  const tree = await workspace();
  await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  const edited = tree.read('apps/api/Dockerfile', 'utf-8')!.replace('EXPOSE', 'LABEL mine="1"\nEXPOSE');
  tree.write('apps/api/Dockerfile', edited);
  const { printed } = await quietly(() => refreshWith(tree, '2026-12-02', says('b')));
  expect(printed).toContain('apps/api/Dockerfile: edited by hand, only its base renewed');
  expect(tree.read('apps/api/Dockerfile', 'utf-8')).toBe(
    edited.replaceAll(digest('a'), digest('b')).replace('2026-11-25', '2026-12-02'),
  );
});

it('drops what nothing is built from any more, and leaves a digest of the settings alone', async () => {
  const tree = await workspace();
  await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  const own = `python:3.12@${digest('c')}`;
  tree.write('apps/jobs/docker-python.json', JSON.stringify({ version: 1, base: own }));
  const { printed } = await quietly(() => refreshWith(tree, '2026-12-02', says('b')));
  expect(lockOf(tree).map(({ image }) => image)).toEqual([own, BASE]);
  expect(lockOf(tree)[0]).toEqual({ image: own, packages: '2026-12-02' });
  expect(printed).toContain('no image is built from it any more');
  expect(tree.read('apps/jobs/Dockerfile', 'utf-8')).toContain(`FROM ${own} AS base`);
});

it('keeps the tag of an image that no registry has, and renews its packages', async () => {
  const tree = await workspace();
  await quietly(() => refreshWith(tree, '2026-11-25', () => Promise.resolve({ origin: 'engine' })));
  const text = tree.read('apps/api/Dockerfile', 'utf-8');
  expect(text).toContain(`FROM ${BASE} AS base`);
  expect(text).toContain(`# System packages of ${BASE} as of 2026-11-25.`);
});

it('leaves a digest that its registry does not renew, and says why', async () => {
  const tree = await workspace();
  await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  const { printed } = await quietly(() =>
    refreshWith(tree, '2026-12-02', (image, locked) =>
      Promise.resolve(
        image === BASE
          ? { digest: locked!, origin: 'lock', reason: '429' }
          : { digest: digest('b'), origin: 'registry' },
      ),
    ),
  );
  expect(lockOf(tree).map((pin) => pin.digest)).toEqual([digest('b'), digest('a')]);
  expect(printed).toContain(`${BASE}\n    ${digest('a')}, as before, since its registry does not say: 429`);
});

it('makes a broken lock anew', async () => {
  const tree = await workspace();
  tree.write(BASE_LOCK_FILE, '<<<<<<< HEAD\n');
  await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  expect(lockOf(tree)).toHaveLength(2);
});

it('goes on beside a project that cannot be designed, and says why', async () => {
  const tree = await workspace();
  tree.write('apps/jobs/docker-python.json', '{ "version": 1, "prot": 80 }');
  const { printed } = await quietly(() => refreshWith(tree, '2026-11-25', says('a')));
  expect(printed).toContain('jobs: left as it is. UNKNOWN_SETTING');
  expect(lockOf(tree).map(({ image }) => image)).toEqual([BASE]);
});

it('is an error without any image, and for a day that is none; nothing is written', async () => {
  expect(await complaint(() => refresh(workspaceTree(), {}))).toMatch(/^PROJECT_UNKNOWN: /);
  const tree = await workspace();
  const before = filesOf(tree);
  await expect(refreshWith(tree, 'tomorrow', says('a'))).rejects.toMatchObject({ code: 'INVALID_SETTINGS' });
  expect(filesOf(tree)).toEqual(before);
});
