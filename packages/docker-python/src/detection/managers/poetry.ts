import { stringAt, type Table, tableAt, valueAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import type { Argv, DependencyFacts } from '../types';
import { declaredLibraries, declaredManifests } from './declared-libraries';
import { allHashable, closure, links, toLocalPackages, toLockedRequirements } from './closure';
import { POETRY_1 } from './closures/poetry-1';
import { POETRY_2 } from './closures/poetry-2';
import { unlocked } from './findings';
import {
  buildBackend,
  glanceAtPyproject,
  groupTexts,
  inRoot,
  projectTexts,
  readPyproject,
} from './pyproject';
import { poetryNeeds, statedNeeds, unmetNeeds } from './unmet-needs';
import { parsePoetryLock, poetryRoots } from './poetry-lock';
import { localManifests } from './manifest';
import type { Upgrade } from './pins';
import { chooseTool, LIST_AGAIN, OUTPUT, type ToolSet } from './tools';
import { pythonPins } from './python-evidence';
import type { ManagerQuestion, PackageManager } from './types';

const TOOLS: readonly [ToolSet, ...ToolSet[]] = [
  { name: 'poetry', version: '2.5.1', requirements: POETRY_2 },
];
/** For Pythons on which Poetry 2 does not run, with the locks of that time. */
const OLD_TOOL: ToolSet = { name: 'poetry', version: '1.8.5', requirements: POETRY_1 };
const OLDEST_PYTHON = 10;

/**
 * Poetry, with locks of its versions 1 and 2. Source: Poetry's documentation and that of poetry-plugin-export.
 * Poetry 2 reads the locks of Poetry 1, and its `export` refuses one that does not match the manifest; that of Poetry 1
 * only warns, so that it is asked first. (`poetry check --lock` asks too, but also wants the readme to be there.)
 */
export const poetry: PackageManager = {
  name: 'poetry',
  needs: 'pyproject.toml with [tool.poetry] or [project]',
  followsPython: true,

  lock({ files, root }) {
    const path = inRoot(root, 'poetry.lock');
    return files.read(path) === undefined ? undefined : path;
  },

  manifest({ files, root }) {
    const pyproject = glanceAtPyproject(files, root);
    if (!pyproject) return undefined;
    const classic = Object.keys(tableAt(pyproject.table, 'tool', 'poetry', 'dependencies')).length > 0;
    return classic || buildBackend(pyproject) === 'poetry' ? pyproject.path : undefined;
  },

  fallback: ({ files, root }) => readPyproject(files, root)?.path,

  facts(question, claimedBy) {
    const { files, root } = question;
    const manifest = readTomlOnce(files, inRoot(root, 'pyproject.toml')) ?? {};
    const path = inRoot(root, 'poetry.lock');
    const lock = readTomlOnce(files, path);
    const roots = poetryRoots(manifest, question);
    const needed = lock ? closure(parsePoetryLock(lock, root), roots, question) : [];
    const tool = choosePoetry(question, manifest, files.read(path) ?? '');
    const locals = lock ? toLocalPackages(needed, root, path) : declaredLibraries(question);
    return {
      manager: { value: 'poetry', from: claimedBy },
      ...(lock ? { lock: { value: path, from: path } } : {}),
      requirements: lock ? toLockedRequirements(needed) : roots.map(({ name }) => ({ name })),
      recipe: {
        tools: tool.requirements,
        files: [
          ...new Set(
            ['pyproject.toml', 'poetry.toml', 'poetry.lock']
              .map((name) => inRoot(root, name))
              .concat(localManifests(locals.map((local) => local.path)))
              .filter((file) => files.read(file) !== undefined),
          ),
        ].sort(),
        commands: [
          ...(lock ? freshness(tool.version) : [['poetry', 'lock', '--no-interaction']]),
          exportCommand(question),
          LIST_AGAIN,
        ],
        network: !lock || installsPlugins(manifest),
        hashed: allHashable(needed),
      },
      localPackages: locals,
      findings: [...tool.findings, ...(lock ? [] : [unlocked(claimedBy, 'poetry lock')])],
    } satisfies DependencyFacts;
  },

  relock(question, { tools, files: seen }, upgrade) {
    const { files, root } = question;
    const manifest = readTomlOnce(files, inRoot(root, 'pyproject.toml')) ?? {};
    const path = inRoot(root, 'poetry.lock');
    const { version } = choosePoetry(question, manifest, files.read(path) ?? '');
    return {
      root,
      tools,
      files: [...new Set([...seen, ...declaredManifests(files, root), path])].sort(),
      commands: [[...lockCommand(version, upgrade, files.read(path) !== undefined), '--no-interaction']],
      outputs: [path],
    };
  },

  pinned(question, context) {
    const { files, root } = question;
    const lock = readTomlOnce(files, inRoot(root, 'poetry.lock')) ?? {};
    const manifest = readTomlOnce(files, inRoot(root, 'pyproject.toml')) ?? {};
    return links(parsePoetryLock(lock, root), poetryRoots(manifest, question), { ...question, ...context });
  },

  doubts(question) {
    const { files, root, extras, groups } = question;
    const path = inRoot(root, 'pyproject.toml');
    const manifest = readTomlOnce(files, path) ?? {};
    const lock = readTomlOnce(files, inRoot(root, 'poetry.lock')) ?? {};
    const poetry = tableAt(manifest, 'tool', 'poetry');
    const tables = [
      tableAt(poetry, 'dependencies'),
      ...groups.map((group) => tableAt(poetry, 'group', group, 'dependencies')),
    ];
    const texts = [
      ...projectTexts(manifest, extras),
      ...groups.flatMap((group) => groupTexts(manifest, group)),
    ];
    const needs = [...statedNeeds(texts), ...tables.flatMap(poetryNeeds)];
    return unmetNeeds(path, needs, parsePoetryLock(lock, root));
  },
};

/** Poetry 2 at the version that `requires-poetry` allows; Poetry 1 knows no such key. */
function choosePoetry(
  question: ManagerQuestion,
  manifest: Table,
  lock: string,
): ReturnType<typeof chooseTool> {
  const python = question.imagePython ?? pythonPins(question)[0]?.minor;
  const tooOld = python !== undefined && python.startsWith('3.') && Number(python.slice(2)) < OLDEST_PYTHON;
  if (tooOld && /^# [^\n]*generated by Poetry 1\./.test(lock)) return { ...OLD_TOOL, findings: [] };
  const asked = stringAt(manifest, 'tool', 'poetry', 'requires-poetry');
  return chooseTool(TOOLS, asked, inRoot(question.root, 'pyproject.toml'));
}

/** Poetry 2 keeps what is locked unless it is told otherwise, Poetry 1 the other way round. */
function lockCommand(version: string, upgrade: Upgrade, locked: boolean): Argv {
  const first = version.startsWith('1.');
  if (!locked) return ['poetry', 'lock'];
  if (upgrade === 'all') return ['poetry', 'lock', ...(first ? [] : ['--regenerate'])];
  if (upgrade.length > 0) return ['poetry', 'update', '--lock', ...upgrade];
  return ['poetry', 'lock', ...(first ? ['--no-update'] : [])];
}

function freshness(version: string): readonly Argv[] {
  return version.startsWith('1.') ? [['poetry', 'lock', '--check', '--no-interaction']] : [];
}

function exportCommand({ extras, groups }: ManagerQuestion): Argv {
  return [
    'poetry',
    'export',
    ...extras.flatMap((extra) => ['--extras', extra]),
    ...groups.flatMap((group) => ['--with', group]),
    ...['--no-interaction', '--format', 'requirements.txt', '--output', OUTPUT],
  ];
}

/** Poetry installs the plugins that a project requires before it does anything else. */
function installsPlugins(manifest: Table): boolean {
  const plugins = valueAt(manifest, 'tool', 'poetry', 'requires-plugins');
  return (
    typeof plugins === 'object' &&
    plugins !== null &&
    Object.keys(plugins).some((name) => name !== 'poetry-plugin-export')
  );
}
