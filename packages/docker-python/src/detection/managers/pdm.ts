import { type Table, tableAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import type { Argv, DependencyFacts } from '../types';
import { declaredLibraries, declaredManifests } from './declared-libraries';
import { allHashable, closure, links, toLocalPackages, toLockedRequirements } from './closure';
import { toEdges } from './closure-edges';
import { PDM } from './closures/pdm';
import { unlocked } from './findings';
import { localManifests } from './manifest';
import { parsePdmLock } from './pdm-lock';
import {
  buildBackend,
  directRequirements,
  glanceAtPyproject,
  groupTexts,
  inRoot,
  projectTexts,
  readPyproject,
  toRequirements,
} from './pyproject';
import { asking, LIST_AGAIN, OUTPUT, PINS, SCRIPTS } from './tools';
import type { ManagerQuestion, PackageManager } from './types';
import { statedNeeds, unmetNeeds } from './unmet-needs';

/** PDM. Source: PDM's documentation, "Lock file" and the command reference. `lock --check` fails if the lock is stale. */
export const pdm: PackageManager = {
  name: 'pdm',
  needs: 'pyproject.toml with [project]',

  lock({ files, root }) {
    const path = inRoot(root, 'pdm.lock');
    return files.read(path) === undefined ? undefined : path;
  },

  manifest({ files, root }) {
    const pyproject = glanceAtPyproject(files, root);
    if (!pyproject || !('project' in pyproject.table)) return undefined;
    const configured = Object.keys(tableAt(pyproject.table, 'tool', 'pdm')).length > 0;
    return configured || buildBackend(pyproject) === 'pdm' ? pyproject.path : undefined;
  },

  fallback: ({ files, root }) => readPyproject(files, root)?.path,

  facts(question, claimedBy) {
    const { files, root } = question;
    const pyproject = readPyproject(files, root) ?? { path: inRoot(root, 'pyproject.toml'), table: {} };
    const path = inRoot(root, 'pdm.lock');
    const lock = readTomlOnce(files, path);
    const pinned = lock
      ? closure(parsePdmLock(lock, root), toEdges(needed(pyproject.table, question)), question)
      : [];
    const locals = lock ? toLocalPackages(pinned, root, path) : declaredLibraries(question);
    return {
      manager: { value: 'pdm', from: claimedBy },
      ...(lock ? { lock: { value: path, from: path } } : {}),
      requirements: lock
        ? toLockedRequirements(pinned)
        : toRequirements(directRequirements(pyproject, question)),
      recipe: {
        tools: PDM,
        files: ['pyproject.toml', 'pdm.lock', 'pdm.toml']
          .map((name) => inRoot(root, name))
          .concat(localManifests(locals.map((local) => local.path)))
          .filter((file) => files.read(file) !== undefined)
          .sort(),
        commands: [
          lock ? ['pdm', 'lock', '--check'] : asking('pyproject.toml', ['pdm', 'lock']),
          ...(locals.length > 0 ? exportBesideLibraries(question) : [exportCommand(question)]),
          LIST_AGAIN,
        ],
        network: !lock,
        hashed: allHashable(pinned),
      },
      localPackages: locals,
      findings: lock ? [] : [unlocked(claimedBy, 'pdm lock')],
    } satisfies DependencyFacts;
  },

  relock({ files, root }, { tools, files: seen }, upgrade) {
    const path = inRoot(root, 'pdm.lock');
    const keeps = upgrade !== 'all' && files.read(path) !== undefined;
    return {
      root,
      tools,
      files: [...new Set([...seen, ...declaredManifests(files, root), path])].sort(),
      commands: [
        // `pdm update` knows only what the chosen groups require; what is not locked is resolved in all of them.
        ...(keeps && upgrade.length > 0 ? [[...PINS, 'forget', 'pdm.lock', ...upgrade]] : []),
        asking('pyproject.toml', ['pdm', 'lock', ...(keeps ? ['--update-reuse'] : [])]),
      ],
      outputs: [path],
    };
  },

  pinned(question, context) {
    const { files, root } = question;
    const lock = readTomlOnce(files, inRoot(root, 'pdm.lock')) ?? {};
    const manifest = readPyproject(files, root)?.table ?? {};
    return links(parsePdmLock(lock, root), toEdges(needed(manifest, question)), { ...question, ...context });
  },

  doubts(question) {
    const { files, root } = question;
    const manifest = readPyproject(files, root);
    const lock = readTomlOnce(files, inRoot(root, 'pdm.lock')) ?? {};
    if (!manifest) return [];
    return unmetNeeds(manifest.path, statedNeeds(needed(manifest.table, question)), parsePdmLock(lock, root));
  },
};

/** The requirement strings of production. */
function needed(manifest: Table, { extras, groups }: ManagerQuestion): readonly string[] {
  return [...projectTexts(manifest, extras), ...groups.flatMap((group) => groupTexts(manifest, group))];
}

/** PDM refuses to write hashes where one entry has none, as libraries have; so they come from the lock afterwards. */
function exportBesideLibraries(question: ManagerQuestion): readonly Argv[] {
  return [
    [...exportCommand(question), '--no-hashes'],
    ['python', `${SCRIPTS}/requirements.py`, 'hashes', OUTPUT, 'pdm.lock'],
  ];
}

/** PDM counts dependency groups as development ones, which `--prod` forbids; named ones leave the others out as well. */
function exportCommand({ extras, groups }: ManagerQuestion): Argv {
  return [
    'pdm',
    'export',
    ...(groups.length === 0 ? ['--prod'] : []),
    ...[...extras, ...groups].flatMap((group) => ['--group', group]),
    ...['--format', 'requirements', '--output', OUTPUT],
  ];
}
