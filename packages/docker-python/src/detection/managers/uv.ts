import type { FileSource } from '../files';
import { readToml, stringAt, type Table, tableAt } from '../toml';
import type { Argv, DependencyFacts, Finding, LocalPackage } from '../types';
import { toLockedRequirements } from './closure';
import { parseSpecifiers, parseVersion, pinnedVersion, satisfies } from './pep440';
import {
  buildBackend,
  declaresDependencies,
  directRequirements,
  glanceAtPyproject,
  inRoot,
  readPyproject,
  toRequirements,
} from './pyproject';
import { OUTPUT, UV, UV_VERSION } from './tools';
import type { ManagerQuestion, PackageManager } from './types';
import { unlocked } from './findings';
import { parseUvLock, uvClosure, type UvPackage } from './uv-lock';
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
    const lockTable = readToml(files, lockPath);
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
        tools: [tool.requirement],
        files: recipeFiles(files, home.root, [root, ...manifests], lockTable !== undefined),
        commands: [
          ...(locked ? [] : [['uv', 'lock'] satisfies Argv]),
          exportCommand(question, lockTable !== undefined),
        ],
        network: !locked,
        hashed: needed.every((entry) => entry.hashable),
      },
      localPackages: localPackages(needed, lockPath),
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

/** `--locked` compares the lock with all manifests first and fails if it is out of date. */
function exportCommand({ extras, groups }: ManagerQuestion, locked: boolean): Argv {
  return [
    'uv',
    'export',
    locked ? '--locked' : '--frozen',
    '--no-default-groups',
    ...extras.flatMap((extra) => ['--extra', extra]),
    ...groups.flatMap((group) => ['--group', group]),
    '--no-emit-local',
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

function localPackages(needed: readonly UvPackage[], lock: string): readonly LocalPackage[] {
  return needed.flatMap(({ local }) => (local === undefined ? [] : [{ path: local, from: lock }]));
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
function chooseUv(files: FileSource, home: string): { requirement: string; findings: readonly Finding[] } {
  const settings: readonly (readonly [string, Table | undefined])[] = [
    [inRoot(home, 'uv.toml'), readToml(files, inRoot(home, 'uv.toml'))],
    [inRoot(home, 'pyproject.toml'), tableAt(readPyproject(files, home)?.table, 'tool', 'uv')],
  ];
  const asked = settings.flatMap(([path, table]) => {
    const version = stringAt(table, 'required-version')?.trim();
    return version ? [{ path, specifiers: /^\d/.test(version) ? `==${version}` : version }] : [];
  })[0];
  const clauses = asked && parseSpecifiers(asked.specifiers);
  if (!asked || !clauses || satisfies(parseVersion(UV_VERSION)!, clauses))
    return { requirement: UV, findings: [] };
  const pinned = pinnedVersion(asked.specifiers);
  const finding = {
    code: 'untested-tool',
    message: `${asked.path} requires uv ${asked.specifiers}; the tested version is ${UV_VERSION}.`,
    hint: pinned
      ? `Nothing to do if it works. Allow ${UV_VERSION} in required-version to get the tested one.`
      : `Pin one version ("==x.y.z") or allow ${UV_VERSION}: with a range, images built on different days get different versions of uv.`,
  };
  return {
    requirement: `uv${pinned ? `==${pinned}` : asked.specifiers.replaceAll(/\s/g, '')}`,
    findings: [finding],
  };
}
