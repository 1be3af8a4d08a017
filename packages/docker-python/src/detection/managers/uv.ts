import type { FileSource } from '../files';
import { readLibraries } from '../libraries';
import { stringAt, stringsAt, tableAt } from '../toml';
import { derivedFrom, readTomlOnce } from './parse-cache';
import { type Argv, type DependencyFacts, distributionName, type Finding } from '../types';
import { tablesAt } from './closure-edges';
import { declaredLibraries, declaredManifests } from './declared-libraries';
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
import { uvMembers } from '../references/uv-members';
import { manifestFiles } from './manifest';
import { upgradeWords } from './pin-list';
import { OUTPUT } from './tools';
import type { ManagerQuestion, PackageManager } from './types';
import { unlocked } from './findings';
import { parseUvLock, uvLinks, type UvLock, type UvPackage, uvSelf } from './uv-lock';
import { DockerPythonError } from '../../errors';
import { uvDoubts } from './uv-doubts';
import { chooseUv, comesFromExplicitIndex, namesIndexes } from './uv-settings';
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
    if (locked && home.root !== root && !uvSelf(locked, root)) throw notLocked(lockPath, root);
    const needed = locked ? uvClosure(locked, question) : [];
    const format = comesFromExplicitIndex(files, home.root, root, needed) ? ('pylock' as const) : undefined;
    const tool = chooseUv(files, home.root);
    const libraries = locked ? toLocalPackages(needed, root, lockPath) : declaredLibraries(question);
    // With a lock uv compares every member of the workspace with it; without one it needs those that are asked for.
    const places = (folders: readonly string[]): readonly string[] =>
      recipeFiles(files, home.root, folders, lockTable !== undefined);
    const members = locked?.packages.flatMap(({ local }) => local ?? []);
    // The same for all members, and there may be a thousand.
    const compared =
      members && home.root !== root
        ? derivedFrom(files, `files of ${lockPath}`, () => places(members))
        : places([
            root,
            ...(members ?? readLibraries(files, root, libraries).map((library) => library.root)),
          ]);
    const asked = locked && !asksBackend(files, root) ? [] : manifestFiles(files, root);
    return {
      manager: { value: 'uv', from: claimedBy },
      ...(locked
        ? { lock: { value: lockPath, from: home.root === root ? lockPath : `uv workspace at ${home.root}` } }
        : {}),
      requirements: locked ? toLockedRequirements(needed) : toRequirements(direct(question)),
      recipe: {
        tools: tool.requirements,
        files: asked.length === 0 ? compared : [...new Set([...compared, ...asked])].sort(),
        commands: [
          ...(locked ? [] : [['uv', 'lock'] satisfies Argv]),
          exportCommand(question, lockTable !== undefined, [
            ...(format === undefined && namesIndexes(files, home.root) ? ['--emit-index-url'] : []),
            ...['--format', format === undefined ? 'requirements.txt' : 'pylock.toml'],
          ]),
        ],
        network: true, // only a stale lock needs it: uv resolves before it says that the lock is out of date
        hashed: allHashable(needed),
        ...(format === undefined ? {} : { format }),
      },
      localPackages: libraries,
      findings: [
        ...tool.findings,
        ...strayFindings(home),
        ...(locked ? [] : [unlocked(claimedBy, 'uv lock')]),
      ],
    } satisfies DependencyFacts;
  },

  relock({ files, root }, { tools, files: seen }, upgrade) {
    const { home, byName = new Map<string, string>() } = uvMembers(files, root) ?? { home: root };
    const members = [...new Set([root, ...byName.values()])];
    const asked = members.filter((member) => asksBackend(files, member));
    const wanted = [
      ...recipeFiles(files, home, members, true),
      ...asked.flatMap((member) => manifestFiles(files, member)),
      ...members.flatMap((member) => declaredManifests(files, member)),
    ];
    const lock = inRoot(home, 'uv.lock');
    return {
      root: home,
      tools,
      files: [...new Set([...seen, ...wanted, lock])].sort(),
      commands: [['uv', 'lock', ...upgradeWords(upgrade)]],
      outputs: [lock],
    };
  },

  pinned(question, context) {
    const home = uvHome(question.files, question.root).root;
    const lock = readTomlOnce(question.files, inRoot(home, 'uv.lock'));
    return lock ? uvLinks(parseUvLock(lock, home), question.root, question, context) : [];
  },

  doubts(question) {
    const { files, root, groups } = question;
    const home = uvHome(files, root).root;
    const lock = readTomlOnce(files, inRoot(home, 'uv.lock'));
    if (!lock) return [];
    const parsed = parseUvLock(lock, home);
    const folders = [root, ...uvClosure(parsed, question).flatMap(({ local }) => local ?? [])];
    const entries = folders.flatMap((folder) => {
      const name = parsed.packages.find(({ local }) => local === folder)?.name;
      const entry = tablesAt(lock, 'package').find(
        (table) => distributionName(stringAt(table, 'name') ?? '') === name,
      );
      return entry ? [{ entry, folder }] : [];
    });
    const members = uvMembers(files, root)?.byName;
    const gone = stringsAt(lock, 'manifest', 'members')
      .map(distributionName)
      .find(
        (name) =>
          members?.has(name) === false &&
          parsed.packages.some((found) => found.name === name && folders.includes(found.local ?? '')),
      );
    return [
      ...(gone === undefined ? [] : [`${gone} is no member of the workspace any more`]),
      ...uvDoubts(files, entries, groups),
    ];
  },
};

function uvClosure(lock: UvLock, question: ManagerQuestion): readonly UvPackage[] {
  return [...new Set(uvLinks(lock, question.root, question).map(({ to }) => to as UvPackage))];
}

function notLocked(lock: string, root: string): DockerPythonError {
  return new DockerPythonError({
    code: 'LOCK_OUT_OF_DATE',
    message: `${lock} does not have ${root}, although the project is a member of its workspace.`,
    hint: 'Run "uv lock" at the root of the workspace and commit what it changes.',
  });
}

function direct({ files, root, ...chosen }: ManagerQuestion): ReturnType<typeof directRequirements> {
  const pyproject = readPyproject(files, root);
  return pyproject ? directRequirements(pyproject, chosen) : [];
}

/** Whether the build backend has to be asked what the project depends on. With a lock, its version does not matter. */
function asksBackend(files: FileSource, root: string): boolean {
  return stringsAt(readPyproject(files, root)?.table, 'project', 'dynamic').includes('dependencies');
}

/** `--locked` compares the lock with all manifests first and fails if it is out of date. */
function exportCommand({ extras, groups }: ManagerQuestion, locked: boolean, more: Argv): Argv {
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
    ...more,
    '--quiet',
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
