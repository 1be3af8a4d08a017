import { joinInside } from '../files';
import { stringAt, stringsAt, type Table, valueAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import type { DependencyFacts, Finding } from '../types';
import { allHashable, type LockedPackage, toLocalPackages, toLockedRequirements } from './closure';
import { identity, tablesAt, wheelNames } from './closure-edges';
import { neverHolds } from './markers';
import { inRoot } from './pyproject';
import { OUTPUT, SCRIPTS } from './tools';
import type { ManagerQuestion, PackageManager } from './types';

/**
 * pylock.toml, the lock file of all tools and of none. Source: PEP 751. It does not say which manifest it was made
 * from, so that nothing can be said about its freshness.
 */
export const pylock: PackageManager = {
  name: 'pylock',
  needs: 'pylock.toml',

  lock: ({ files, root }) => [inRoot(root, 'pylock.toml')].find((path) => files.read(path) !== undefined),

  manifest: () => undefined,

  facts(question, claimedBy) {
    const lock = readTomlOnce(question.files, claimedBy) ?? {};
    const needed = lockedPackages(lock, question);
    return {
      manager: { value: 'pylock', from: claimedBy },
      lock: { value: claimedBy, from: claimedBy },
      requirements: toLockedRequirements(needed),
      recipe: {
        tools: [],
        files: [claimedBy],
        commands: [
          [
            ...['python', `${SCRIPTS}/requirements.py`, 'pylock', OUTPUT, 'pylock.toml'],
            ...question.extras.map((extra) => `extra=${extra}`),
            ...question.groups.map((group) => `group=${group}`),
          ],
        ],
        network: false,
        hashed: allHashable(needed),
      },
      localPackages: toLocalPackages(needed, question.root, claimedBy),
      findings: notLocked(lock, question, claimedBy),
    } satisfies DependencyFacts;
  },
};

/** Groups and extras that the lock was not made for: nothing of them can be installed. Source: PEP 751. */
function notLocked(lock: Table, { extras, groups }: ManagerQuestion, path: string): readonly Finding[] {
  const missing = [
    ...groups.filter((name) => !stringsAt(lock, 'dependency-groups').includes(name)),
    ...extras.filter((name) => !stringsAt(lock, 'extras').includes(name)),
  ];
  return missing.map((name) => ({
    code: 'not-locked',
    message: `${path} was not made for "${name}", so nothing of it is in the image.`,
    hint: 'Make the lock again with that group or extra.',
  }));
}

function lockedPackages(lock: Table, { root, extras, groups }: ManagerQuestion): readonly LockedPackage[] {
  const context = { extras, groups: [...stringsAt(lock, 'default-groups'), ...groups] };
  return tablesAt(lock, 'packages').flatMap((entry) => {
    const named = identity(entry);
    if (!named || neverHolds(stringAt(entry, 'marker'), context)) return [];
    const path = stringAt(entry, 'directory', 'path') ?? stringAt(entry, 'archive', 'path');
    const wheels = valueAt(entry, 'wheels');
    const fromIndex = wheels !== undefined || valueAt(entry, 'sdist') !== undefined;
    return [
      {
        ...named,
        ...(path === undefined ? {} : { local: joinInside(root, path) ?? path }),
        ...(fromIndex ? { wheels: wheelNames(Array.isArray(wheels) ? wheels : []) } : {}),
        hashable: valueAt(entry, 'vcs') === undefined,
        dependencies: [],
        extras: {},
      },
    ];
  });
}
