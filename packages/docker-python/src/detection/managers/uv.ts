import type { FileSource } from '../files';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import type { Argv, DependencyFacts, Finding } from '../types';
import { allHashable, toLocalPackages, toLockedRequirements } from './closure';
import {
  buildBackend,
  declaresDependencies,
  directRequirements,
  glanceAtPyproject,
  inRoot,
  readPyproject,
  toRequirements,
} from './pyproject';
import { manifestFiles } from './manifest';
import { chooseTool, OUTPUT, UV, UV_VERSION } from './tools';
import type { ManagerQuestion, PackageManager } from './types';
import { unlocked } from './findings';
import { parseUvLock, uvClosure } from './uv-lock';
import { uvHome, type UvHome } from './uv-workspace';

/** uv projects and workspaces. Source: uv's documentation, "Locking and syncing" and "Using workspaces". */
export const uv: PackageManager = {
  name: 'uv',
  needs: 'pyproject.toml',

  lock({ files, root }) {
    if (files.read(inRoot(root, 'pyproject.toml')) === undefined) return undefined;
    const lock = inRoot(uvHome(files, root).root, 'uv.lock');
    return files.read(lock) === undefined ? undefined : lock;
  },

  manifest({ files, root }) {
    const pyproject = glanceAtPyproject(files, root);
    if (!pyproject) return undefined;
    const configured = 'uv' in tableAt(pyproject.table, 'tool') && declaresDependencies(pyproject);
    const member = uvHome(files, root).root !== root && declaresDependencies(pyproject);
    return configured || member || buildBackend(pyproject) === 'uv_build' ? pyproject.path : undefined;
  },

  fallback: ({ files, root }) => readPyproject(files, root)?.path,

  facts(question, claimedBy) {
    const { files, root } = question;
    const home = uvHome(files, root);
    const lockPath = inRoot(home.root, 'uv.lock');
    const lockTable = readTomlOnce(files, lockPath);
    const locked = lockTable && parseUvLock(lockTable, home.root);
    const needed = locked ? uvClosure(locked, root, question) : [];
    const tool = chooseUv(files, home.root);
    const manifests = locked?.packages.flatMap(({ local }) => local ?? []) ?? [];
    return {
      manager: { value: 'uv', from: claimedBy },
      ...(locked
        ? { lock: { value: lockPath, from: home.root === root ? lockPath : `uv workspace at ${home.root}` } }
        : {}),
      requirements: locked ? toLockedRequirements(needed) : toRequirements(direct(question)),
      recipe: {
        tools: tool.requirements,
        files: [
          ...new Set([
            ...recipeFiles(files, home.root, [root, ...manifests], lockTable !== undefined),
            ...(locked && !asksBackend(files, root) ? [] : manifestFiles(files, root)),
          ]),
        ].sort(),
        commands: [
          ...(locked ? [] : [['uv', 'lock'] satisfies Argv]),
          exportCommand(question, lockTable !== undefined, namesIndexes(files, home.root)),
        ],
        network: true, // only a stale lock needs it: uv resolves before it says that the lock is out of date
        hashed: allHashable(needed),
      },
      localPackages: toLocalPackages(needed, root, lockPath),
      findings: [
        ...tool.findings,
        ...strayFindings(home),
        ...(locked ? [] : [unlocked(claimedBy, 'uv lock')]),
      ],
    } satisfies DependencyFacts;
  },
};

function direct({ files, root, ...chosen }: ManagerQuestion): ReturnType<typeof directRequirements> {
  const pyproject = readPyproject(files, root);
  return pyproject ? directRequirements(pyproject, chosen) : [];
}

/** Whether the build backend has to be asked what the project depends on. With a lock, its version does not matter. */
function asksBackend(files: FileSource, root: string): boolean {
  return stringsAt(readPyproject(files, root)?.table, 'project', 'dynamic').includes('dependencies');
}

/** Whether the project names indexes of its own: the list has to name them too. */
function namesIndexes(files: FileSource, home: string): boolean {
  const keys = ['index', 'index-url', 'extra-index-url'];
  return uvSettings(files, home).some(([, table]) => keys.some((key) => valueAt(table, key) !== undefined));
}

/** `--locked` compares the lock with all manifests first and fails if it is out of date. */
function exportCommand({ extras, groups }: ManagerQuestion, locked: boolean, indexes: boolean): Argv {
  return [
    'uv',
    'export',
    locked ? '--locked' : '--frozen',
    '--no-default-groups',
    ...extras.flatMap((extra) => ['--extra', extra]),
    ...groups.flatMap((group) => ['--group', group]),
    '--no-emit-local',
    ...(indexes ? ['--emit-index-url'] : []),
    '--no-header',
    '--no-annotate',
    '--format',
    'requirements.txt',
    '--output-file',
    OUTPUT,
  ];
}

/** The workspace's manifests, all of them: uv compares the lock with every member. */
function recipeFiles(
  files: FileSource,
  home: string,
  projects: readonly string[],
  locked: boolean,
): readonly string[] {
  const names = ['pyproject.toml', 'setup.cfg', 'setup.py'];
  const manifests = projects.flatMap((project) => names.map((name) => inRoot(project, name)));
  const candidates = [
    inRoot(home, 'pyproject.toml'),
    inRoot(home, 'uv.toml'),
    ...manifests,
    ...(locked ? [inRoot(home, 'uv.lock')] : []),
  ];
  return [...new Set(candidates)].filter((path) => files.read(path) !== undefined).sort();
}

function strayFindings({ stray, root }: UvHome): readonly Finding[] {
  if (stray === undefined) return [];
  return [
    {
      code: 'stray-lock',
      message: `${stray} is not used: the project is a member of the uv workspace at ${root}, whose uv.lock counts.`,
      hint: `Remove ${stray}, or take the project out of the workspace's members.`,
    },
  ];
}

/** The uv that the project asks for (`required-version`), else the tested one. */
function chooseUv(files: FileSource, home: string): ReturnType<typeof chooseTool> {
  const asking = uvSettings(files, home).find(
    ([, table]) => stringAt(table, 'required-version') !== undefined,
  );
  return chooseTool(
    [{ name: 'uv', version: UV_VERSION, requirements: [UV] }],
    stringAt(asking?.[1], 'required-version'),
    asking?.[0] ?? '',
  );
}

/** Where uv's settings stand; uv.toml comes first. Source: uv's documentation, "Configuration files". */
function uvSettings(
  files: FileSource,
  home: string,
): readonly (readonly [path: string, table: Table | undefined])[] {
  return [
    [inRoot(home, 'uv.toml'), readTomlOnce(files, inRoot(home, 'uv.toml'))],
    [inRoot(home, 'pyproject.toml'), tableAt(readPyproject(files, home)?.table, 'tool', 'uv')],
  ];
}
