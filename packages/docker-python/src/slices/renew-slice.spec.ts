import { memoryFiles } from '../detection/files';
import type { ProcessRunner } from '../engine/process';
import { NO_INPUTS } from '../engine/types';
import { DockerPythonError } from '../errors';
import { failureOfAsync } from '../testing/failures';
import { recordingEngine, recordingRunner } from '../testing/recording-engine';
import { type GeneratedPackage, hashOf, pinned, uvWorkspace } from '../testing/uv-workspaces';
import type { Exporters } from './export-list';
import { sliceState } from './freshness';
import { checkSlice, renewSlice, type SliceChange } from './renew-slice';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SLICE = 'apps/a/docker/requirements.lock';

/** A uv that writes a list, and remembers how often it was asked. */
function exporters(list: string, failure?: string): Exporters & { readonly exports: string[][] } {
  const exports: string[][] = [];
  const start: ProcessRunner = (program, argv) => {
    const answer = { exitCode: 0, stdout: 'uv 0.13.9 (abc)', stderr: '' };
    if (argv[0] === '--version') return Promise.resolve(answer);
    exports.push([program, ...argv]);
    if (failure !== undefined) return Promise.resolve({ ...answer, exitCode: 1, stderr: failure });
    writeFileSync(argv[argv.indexOf('--output-file') + 1]!, list);
    return Promise.resolve(answer);
  };
  return {
    exports,
    start,
    engine: recordingEngine(undefined),
    dockerfile: 'FROM scratch AS list\n',
    scripts: [],
    build: { buildArgs: {}, inputs: NO_INPUTS, extraArgs: [] },
  };
}

const packages = (flask = '3.0'): readonly GeneratedPackage[] => [
  { name: 'a', version: '1', folder: 'apps/a', needs: [{ name: 'flask' }] },
  { name: 'flask', version: flask, needs: [] },
];
const list = (version = '3.0'): string => `flask==${version} --hash=${hashOf('flask', version)}\n`;
const workspace = uvWorkspace(packages());
const renew = (
  files: Record<string, string>,
  by = exporters(list()),
  replace: 'unedited' | 'any' = 'unedited',
): Promise<SliceChange> =>
  renewSlice(memoryFiles(files), pinned(files, 'apps/a'), (work) => work(by), replace);
const check = (files: Record<string, string>, by = exporters(list())): Promise<void> =>
  checkSlice(memoryFiles(files), pinned(files, 'apps/a'), (work) => work(by));

/** The workspace with a slice that is current. */
async function synced(): Promise<Record<string, string>> {
  return { ...workspace, [SLICE]: (await renew(workspace)).write! };
}

describe('a slice', () => {
  it('is written where there is none, and then current, without another export', async () => {
    const files = await synced();
    const by = exporters(list());
    expect(files[SLICE]).toContain(`flask==3.0 \\\n    --hash=${hashOf('flask', '3.0')}\n`);
    expect(await renew(files, by)).toEqual({});
    await check(files, by);
    expect(by.exports).toEqual([]);
  });

  it('follows the lock, and says what changed', async () => {
    const files = { ...(await synced()), 'uv.lock': uvWorkspace(packages('3.1'))['uv.lock']! };
    const change = await renew(files, exporters(list('3.1')));
    expect(change.write).toContain('flask==3.1');
    expect(change.reason).toBe('flask 3.0 -> 3.1 in uv.lock');
    expect(await failureOfAsync(() => check(files))).toMatchObject({
      code: 'SLICE_STALE',
      message: expect.stringContaining('flask 3.0 -> 3.1') as string,
      hint: expect.stringContaining('npx nx sync') as string,
    });
  });

  it('of a clean merge that lost a line is written again; one that somebody edited is not, unless asked', async () => {
    const files = await synced();
    const conflicted = { ...files, [SLICE]: `<<<<<<< HEAD\n${files[SLICE]!}=======\n>>>>>>> x\n` };
    expect((await renew(conflicted)).write).toBe(files[SLICE]);
    expect((await failureOfAsync(() => check(conflicted))).code).toBe('SLICE_STALE');
    const edited = { ...files, [SLICE]: files[SLICE]!.replace('flask==3.0', 'flask==2.0') };
    const by = exporters(list());
    const { kept, write } = await renew(edited, by);
    expect([kept?.code, write, by.exports]).toEqual(['SLICE_EDITED', undefined, []]);
    expect(kept?.hint).toMatch(/delete .*requirements\.lock.* nx sync.*--overwrite/);
    expect((await failureOfAsync(() => check(edited))).code).toBe('SLICE_EDITED');
    expect((await renew(edited, by, 'any')).write).toBe(files[SLICE]);
  });

  it('is asked for again where a manifest is ahead of the lock, and the manager decides', async () => {
    const files = await synced();
    const ahead = {
      ...files,
      'apps/a/pyproject.toml': files['apps/a/pyproject.toml']!.replace('"flask"', '"flask>=3", "idna"'),
    };
    expect(sliceState(memoryFiles(ahead), pinned(ahead, 'apps/a'))).toEqual({
      kind: 'doubtful',
      reason: 'apps/a/pyproject.toml and the lock do not agree about flask (uv.lock)',
    });
    const stale = 'error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.';
    for (const work of [renew, check] as ((
      files: Record<string, string>,
      by: Exporters,
    ) => Promise<unknown>)[]) {
      expect(await failureOfAsync(() => work(ahead, exporters('', stale)))).toMatchObject({
        code: 'LOCK_OUT_OF_DATE',
        message: expect.stringContaining('uv.lock') as string,
        hint: expect.stringContaining('uv lock') as string,
      });
    }
    const fine = exporters(list());
    expect(await renew(ahead, fine)).toEqual({});
    await check(ahead, fine);
    expect(fine.exports).toHaveLength(2);
  });

  it('is asked for again where what it needs is no member of the workspace any more', async () => {
    const needing = uvWorkspace(
      [
        { name: 'a', version: '1', folder: 'apps/a', needs: [{ name: 'l' }] },
        { name: 'l', version: '1', folder: 'libs/l', needs: [] },
        { name: 'k', version: '1', folder: 'libs/k', needs: [] },
      ],
      '[manifest]\nmembers = ["a", "k", "l"]\n',
    );
    const files = { ...needing, [SLICE]: (await renew(needing, exporters(''))).write! };
    const state = (members: string): ReturnType<typeof sliceState> => {
      const now = { ...files, 'pyproject.toml': `[tool.uv.workspace]\nmembers = ${members}\n` };
      return sliceState(memoryFiles(now), pinned(now, 'apps/a'));
    };
    expect(state('["apps/*", "libs/*"]')).toEqual({ kind: 'current' });
    expect(state('["apps/*", "libs/l"]')).toEqual({ kind: 'current' });
    expect(state('["apps/*", "libs/k"]')).toEqual({
      kind: 'doubtful',
      reason: 'l is no member of the workspace any more (uv.lock)',
    });
  });

  it('takes the place of the one in the other form', async () => {
    const files = await synced();
    const both = { ...files, 'apps/a/docker/pylock.toml': files[SLICE]!.replace('flask==3.0', '') };
    expect(await renew(both)).toMatchObject({ remove: 'apps/a/docker/pylock.toml' });
    expect(await renew({ ...files, 'apps/a/docker/pylock.toml': 'lock-version = "1.0"\n' })).toEqual({});
  });

  it('knows when a library that is gone is why the manager refuses', async () => {
    const gone =
      'cause: `d` references a workspace in `tool.uv.sources` (e.g., `d = { workspace = true }`), but is not a workspace member';
    expect(await failureOfAsync(() => renew(workspace, exporters('', gone)))).toMatchObject({
      code: 'LOCK_OUT_OF_DATE',
      message: expect.stringContaining('d is needed, and is no member') as string,
    });
  });
});

describe('the exporter', () => {
  it('is the uv of this machine where the project allows it, in a copy of the manifests', async () => {
    const by = exporters(list());
    await renew(workspace, by);
    const [program, , folder, ...argv] = by.exports[0]!;
    expect([program, folder]).toEqual(['uv', expect.stringMatching(/docker-python-slice-.*apps.a$/)]);
    expect(argv.slice(0, 3)).toEqual(['export', '--locked', '--no-default-groups']);
  });

  it.each([
    ['another is required', { ...workspace, 'uv.toml': 'required-version = "==0.9.1"\n' }, {}],
    ['there is none', workspace, { 'uv --version': { exitCode: 127 } }],
    [
      'it cannot do it',
      workspace,
      {
        'uv --version': { stdout: 'uv 0.13.9' },
        'uv --directory': { exitCode: 2, stderr: 'no interpreter' },
      },
    ],
  ])('is the engine where %s', async (_, files, answers) => {
    const engine = recordingEngine(undefined);
    const { run } = recordingRunner({ 'uv --version': { stdout: 'uv 0.13.9' }, ...answers });
    const failure = await failureOfAsync(() => renew(files, { ...exporters(''), start: run, engine }));
    expect(failure).toBeInstanceOf(DockerPythonError);
    expect(failure.code).toBe('ENGINE_FAILED'); // this engine builds nothing
    expect(engine.builds).toMatchObject([
      { target: 'list', tags: [], output: { folder: expect.stringContaining('out') as string } },
    ]);
  });

  it('sees the scripts that the stages of the image mount, as the caller has them', async () => {
    const hook = 'apps/a/docker/install-system-packages.sh';
    const files = {
      ...workspace,
      [hook]: 'apt-get install -y libpq-dev\n',
      'uv.toml': 'required-version = "==0.9.1"\n',
    };
    const seen: (string | undefined)[] = [];
    const engine: Exporters['engine'] = {
      build({ workspaceRoot, output }) {
        seen.push(readFileSync(join(workspaceRoot, hook), 'utf8'));
        const { folder } = output as { readonly folder: string };
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'list'), list());
        return Promise.resolve();
      },
    };
    const { write } = await renew(files, { ...exporters(list()), engine, scripts: [hook] });
    expect(write).toContain('flask==3.0');
    expect(seen).toEqual([files[hook]]);
  });
});
