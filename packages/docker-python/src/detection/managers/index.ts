import { posix } from 'node:path';
import { DockerPythonError, nearestName } from '../../errors';
import type { FileSource } from '../files';
import type { DependencyFacts, ManagerName, PythonProject, SharedLock, Sourced } from '../types';
import type { Link } from './closure';
import { createdBy, isLockedList, isSubset, saysExported } from './exports';
import { flit } from './flit';
import { hatch } from './hatch';
import { pdm } from './pdm';
import { pip } from './pip';
import { pipenv } from './pipenv';
import { poetry } from './poetry';
import { pylock } from './pylock';
import { setuptools } from './setuptools';
import { readToml } from '../toml';
import type { ManagerQuestion, PackageManager } from './types';
import { groupOf, foldersAbove, shareLock } from './shared-lock';
import { inRoot } from './pyproject';
import { uv } from './uv';
import { requiredUv } from './uv-settings';

/**
 * Every package manager, in the order in which they are asked: first each for a lock (for pip: a requirements list,
 * pinned or not), then each for a manifest. So a lock beats a list, a list beats a manifest, and a pyproject.toml that
 * only configures tools beats nothing. Among locks the tools' own come before the common format, which any of them may
 * have exported; among manifests those with a sign of their own come before setuptools, which takes what is left.
 */
export const MANAGERS: readonly PackageManager[] = [
  uv,
  poetry,
  pdm,
  pylock,
  pipenv,
  pip,
  hatch,
  flit,
  setuptools,
];

/** Whether what a manager says of a project may change once the Python of its image is decided. */
export function followsPython({ manager }: DependencyFacts): boolean {
  return MANAGERS.some(({ name, followsPython = false }) => followsPython && name === manager.value);
}

/** Files by which a Python project is recognised; names near them are taken for misspelt. */
export const KNOWN_FILES: readonly string[] = [
  'pyproject.toml',
  'requirements.txt',
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'pylock.toml',
  'Pipfile',
  'Pipfile.lock',
  'setup.py',
  'setup.cfg',
];

interface Claim {
  readonly manager: PackageManager;
  readonly by: string;
}

/** What the user decided about it: the manager, or the list that pip installs from, project-relative. */
export interface ManagerChoice {
  readonly manager?: Sourced<ManagerName>;
  readonly requirements?: Sourced<string>;
}

/**
 * Who manages a project's dependencies, and everything about them.
 *
 * @throws DockerPythonError NOT_A_PYTHON_PROJECT, AMBIGUOUS_MANAGER, LOCK_MISSING, or what the manager has to say
 */
export function chooseManager(
  question: ManagerQuestion,
  { manager: override, requirements: list }: ManagerChoice = {},
): DependencyFacts {
  if (list !== undefined) return pip.facts(question, chosenList(question, list, override));
  const own = ownFacts(question, override);
  const asked = own === undefined ? rootThatServes(question) : question;
  const facts = own ?? (asked && ownFacts(asked, override));
  if (asked && facts)
    return shareLock(question, served(question, asked, facts), asked, requiredVersion(asked, facts));
  if (override) throw lockMissing(question, override);
  throw notPython(question.files, question.root);
}

/** What a shared lock pins for a project, for its Python, and who needs it. */
export function pinnedBy(files: FileSource, project: PinnedProject): readonly Link[] {
  const manager = MANAGERS.find(({ name }) => name === project.manager.value);
  const question = { files, ...project.shared };
  return manager?.pinned?.(question, { python: project.python.value }) ?? [];
}

/** Where the manifests of a project under a shared lock seem to disagree with it. */
export function lockDoubts(files: FileSource, { manager, shared }: PinnedProject): readonly string[] {
  return MANAGERS.find(({ name }) => name === manager.value)?.doubts?.({ files, ...shared }) ?? [];
}

/** A project under a shared lock. */
export type PinnedProject = Pick<PythonProject, 'manager' | 'python'> & { readonly shared: SharedLock };

/** Everything about the dependencies of a project with a manifest or a lock of its own, else undefined. */
function ownFacts(question: ManagerQuestion, override?: Sourced<ManagerName>): DependencyFacts | undefined {
  if (override) {
    const chosen = overridden(question, override);
    return chosen && factsOf(question, chosen);
  }
  const locks = MANAGERS.flatMap((manager) => claim(manager, manager.lock(question)));
  const [first = unlockedClaim(question), ...others] = locks;
  if (!first) return undefined;
  const facts = factsOf(question, first);
  const rival = others.find((other) => isRival(question, facts, other));
  if (rival) throw ambiguous(first, rival);
  return facts;
}

/**
 * The nearest folder above with a manifest and a lock, which serves a project that has neither: with its main
 * dependencies, and the group named as the project unless groups are set.
 */
function rootThatServes(question: ManagerQuestion): ManagerQuestion | undefined {
  const folder = foldersAbove(question.root).find(
    (root) =>
      question.files.read(inRoot(root, 'pyproject.toml')) !== undefined &&
      MANAGERS.some(({ pinned, lock }) => pinned && lock({ ...question, root }) !== undefined),
  );
  if (folder === undefined) return undefined;
  const asked = { ...question, root: folder };
  return { ...asked, groups: question.groups.length > 0 ? question.groups : groupOf(asked, question.root) };
}

/** The same facts, with the reason why the lock of a root above counts. */
function served({ root }: ManagerQuestion, asked: ManagerQuestion, facts: DependencyFacts): DependencyFacts {
  if (asked.root === root || !facts.lock) return facts;
  const groups = asked.groups.map((group) => `"${group}"`).join(', ');
  const what = `the main dependencies${groups === '' ? '' : ` and the group ${groups}`} of ${inRoot(asked.root, 'pyproject.toml')}`;
  return {
    ...facts,
    lock: { value: facts.lock.value, from: `${what}, since ${root} has no manifest of its own` },
  };
}

function requiredVersion({ files, root }: ManagerQuestion, { manager }: DependencyFacts): string | undefined {
  return manager.value === 'uv' ? requiredUv(files, root) : undefined;
}

function claim(manager: PackageManager, by: string | undefined): readonly Claim[] {
  return by === undefined ? [] : [{ manager, by }];
}

/** Nobody has a lock: the first manifest, else a requirements file without requirements, which needs nothing. */
function unlockedClaim(question: ManagerQuestion): Claim | undefined {
  for (const manager of MANAGERS) {
    const [found] = claim(manager, manager.manifest(question));
    if (found) return found;
  }
  return claim(pip, pip.fallback?.(question))[0];
}

function factsOf(question: ManagerQuestion, { manager, by }: Claim): DependencyFacts {
  return manager.facts(question, by);
}

function overridden(question: ManagerQuestion, { value }: Sourced<ManagerName>): Claim | undefined {
  const manager = MANAGERS.find(({ name }) => name === value);
  const by = manager?.lock(question) ?? manager?.manifest(question) ?? manager?.fallback?.(question);
  return manager && by !== undefined ? { manager, by } : undefined;
}

/** @throws DockerPythonError REQUIREMENTS_MISSING, INVALID_SETTINGS where another manager was set */
function chosenList(
  { files, root }: ManagerQuestion,
  { value, from }: Sourced<string>,
  manager: Sourced<ManagerName> | undefined,
): string {
  if (manager !== undefined && manager.value !== 'pip') {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `The list ${value} is set (${from}), and the manager ${manager.value} (${manager.from}), which reads none.`,
      hint: 'Remove one of the two settings: a list is installed by pip.',
    });
  }
  const path = inRoot(root, value);
  if (files.read(path) !== undefined) return path;
  throw new DockerPythonError({
    code: 'REQUIREMENTS_MISSING',
    message: `${path} is not there, the list that ${from} names.`,
    hint: 'The path is relative to the project. Add the list, or remove the setting to let the files decide.',
  });
}

function lockMissing({ root }: ManagerQuestion, { value, from }: Sourced<ManagerName>): DockerPythonError {
  const manager = MANAGERS.find(({ name }) => name === value);
  return new DockerPythonError({
    code: value === 'pip' ? 'REQUIREMENTS_MISSING' : 'LOCK_MISSING',
    message: `The manager is set to ${value} (${from}), but ${root} has no ${manager?.needs ?? 'file for it'}.`,
    hint: `Add ${manager?.needs ?? 'it'}, or remove the setting "manager" to let the files decide.`,
  });
}

/** Whether another lock contradicts the one in charge, rather than being made from it. */
function isRival({ files, root }: ManagerQuestion, facts: DependencyFacts, { manager, by }: Claim): boolean {
  if (manager.name === 'pylock') return !createdBy(files, by, facts.manager.value);
  if (manager.name !== 'pip') return true;
  return isLockedList(files, by, root) && !saysExported(files, by) && !isSubset(files, by, root, facts);
}

function ambiguous(one: Claim, other: Claim): DockerPythonError {
  return new DockerPythonError({
    code: 'AMBIGUOUS_MANAGER',
    message: `${one.by} says ${one.manager.name}, ${other.by} says ${other.manager.name}.`,
    hint: `Remove the one that is not used, or set "manager" in docker-python.json to "${one.manager.name}" or "${other.manager.name}".`,
  });
}

function notPython(files: FileSource, root: string): DockerPythonError {
  // No manager claims a manifest that cannot be read: the reason is then what is wrong in it.
  readToml(files, posix.join(root, 'pyproject.toml'));
  const misspelt = files.list(root).flatMap((name) => {
    const near =
      name.endsWith('/') || KNOWN_FILES.includes(name) ? undefined : nearestName(name, KNOWN_FILES);
    return near === undefined ? [] : [`Is ${name} meant to be ${near}? `];
  });
  return new DockerPythonError({
    code: 'NOT_A_PYTHON_PROJECT',
    message: `${root} has no file that says what it depends on: none of ${KNOWN_FILES.join(', ')} does.`,
    hint: `${misspelt.slice(0, 3).join('')}Images are made of Python projects alone. If it is one, add a requirements.txt, which may be empty, or a pyproject.toml with [project].`,
  });
}
