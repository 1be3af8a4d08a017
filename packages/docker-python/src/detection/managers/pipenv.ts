import { DockerPythonError } from '../../errors';
import { type FileSource, joinInside } from '../files';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import { type DependencyFacts, distributionName } from '../types';
import { allHashable, type LockedPackage, toLocalPackages, toLockedRequirements } from './closure';
import { declaredManifests } from './declared-libraries';
import { dependencyEdges } from './poetry-lock';
import { PIPENV } from './closures/pipenv';
import { unlocked } from './findings';
import { neverHolds } from './markers';
import { inRoot } from './pyproject';
import { localManifests } from './manifest';
import { asking, LIST_AGAIN, OUTPUT, PINS, SCRIPTS } from './tools';
import type { PackageManager } from './types';

/** Pipenv. Source: Pipenv's documentation, "Pipfile & Pipfile.lock"; groups are what it calls categories. */
export const pipenv: PackageManager = {
  name: 'pipenv',
  needs: 'Pipfile',

  lock: ({ files, root }) => [inRoot(root, 'Pipfile.lock')].find((path) => files.read(path) !== undefined),

  manifest: ({ files, root }) => [inRoot(root, 'Pipfile')].find((path) => files.read(path) !== undefined),

  facts(question, claimedBy) {
    const { files, root, groups } = question;
    const manifest = readTomlOnce(files, inRoot(root, 'Pipfile'));
    if (!manifest) throw withoutManifest(root);
    const path = inRoot(root, 'Pipfile.lock');
    const lock = readJson(files, path);
    const needed = lock
      ? ['default', ...groups.map(lockedSection)].flatMap((section) =>
          lockedPackages(tableAt(lock, section), root),
        )
      : [];
    const direct = ['packages', ...groups].flatMap((group) =>
      dependencyEdges(tableAt(manifest, group), 'needed'),
    );
    const locals = toLocalPackages(needed, root, path);
    const list = [
      'pipenv',
      'requirements',
      '--hash',
      ...categories(groups),
      ...(hasOtherIndex(manifest) ? [] : ['--exclude-index']),
    ];
    return {
      manager: { value: 'pipenv', from: claimedBy },
      ...(lock ? { lock: { value: path, from: path } } : {}),
      requirements: lock ? toLockedRequirements(needed) : direct.map(({ name }) => ({ name })),
      recipe: {
        tools: PIPENV,
        files: ['Pipfile', 'Pipfile.lock']
          .map((name) => inRoot(root, name))
          .concat(localManifests(locals.map((local) => local.path)))
          .filter((file) => files.read(file) !== undefined)
          .sort(),
        commands: [
          lock ? ['pipenv', 'verify'] : asking('Pipfile', ['pipenv', 'lock']),
          ['python', `${SCRIPTS}/requirements.py`, 'capture', OUTPUT, ...list],
          LIST_AGAIN,
        ],
        network: !lock,
        hashed: allHashable(needed),
      },
      localPackages: locals,
      findings: lock ? [] : [unlocked(claimedBy, 'pipenv lock')],
    } satisfies DependencyFacts;
  },

  relock({ files, root }, { tools, files: seen }, upgrade) {
    const path = inRoot(root, 'Pipfile.lock');
    return {
      root,
      tools,
      files: [...new Set([...seen, ...declaredManifests(files, root), path])].sort(),
      // Pipenv itself knows only "all": its `upgrade` moves what depends on a package as well.
      commands: [asking('Pipfile', upgrade === 'all' ? ['pipenv', 'lock'] : [...PINS, 'pipenv', ...upgrade])],
      outputs: [path],
    };
  },
};

/** The lock calls the two oldest categories by other names than the manifest. */
function lockedSection(category: string): string {
  return category === 'dev-packages' ? 'develop' : category;
}

function categories(groups: readonly string[]): readonly string[] {
  return groups.length === 0 ? [] : ['--categories', ['packages', ...groups].join(' ')];
}

/** The usual source needs no mention in the list, so that a mirror set for the build is used. */
function hasOtherIndex(manifest: Table): boolean {
  const sources = valueAt(manifest, 'source');
  return Array.isArray(sources) && sources.some((source: unknown) => stringAt(source, 'name') !== 'pypi');
}

/** Entries of one category of a Pipfile.lock; all of them are needed, the lock is a closure per category. */
function lockedPackages(table: Table, root: string): readonly LockedPackage[] {
  return Object.entries(table).flatMap(([name, entry]) => {
    if (neverHolds(stringAt(entry, 'markers'))) return [];
    const path = stringAt(entry, 'path') ?? localFile(stringAt(entry, 'file'));
    const version = stringAt(entry, 'version')?.replace(/^==/, '');
    return [
      {
        name: distributionName(name),
        ...(version === undefined ? {} : { version }),
        ...(path === undefined ? {} : { local: joinInside(root, path) ?? path }),
        hashable: stringsAt(entry, 'hashes').length > 0,
        dependencies: [],
        extras: {},
      },
    ];
  });
}

function localFile(file: string | undefined): string | undefined {
  return file === undefined || /^https?:/i.test(file) ? undefined : file.replace(/^file:(?:\/\/)?/i, '');
}

function readJson(files: FileSource, path: string): Table | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return tableAt({ value }, 'value');
  } catch (error) {
    throw new DockerPythonError({
      code: 'INVALID_MANIFEST',
      message: `${path} is not valid JSON: ${(error instanceof Error ? error.message : String(error)).slice(0, 200)}`,
      hint: `Make it again with "pipenv lock".`,
      cause: error,
    });
  }
}

function withoutManifest(root: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_MANIFEST',
    message: `${inRoot(root, 'Pipfile.lock')} has no Pipfile beside it: whether it is up to date cannot be told.`,
    hint: `Restore ${inRoot(root, 'Pipfile')}, or remove the lock file and set "manager" to the one that you use.`,
  });
}
