import { stringsAt, type Table, tableAt, valueAt } from '../toml';
import type { DependencyFacts, ManagerName } from '../types';
import { MANAGERS } from './index';
import { readTomlOnce } from './parse-cache';
import { inRoot } from './pyproject';
import { presentFiles } from './requirements-choice';
import type { ManagerQuestion } from './types';

/** What a project asks for to be worked on, beyond production. */
export interface Development {
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** Workspace-relative requirements lists. */
  readonly lists: readonly string[];
}

/** Names of extras and groups that are for development, whatever the manager. */
const NAMES =
  /^(dev|develop|development|tests?|testing|lint|linting|linters|typing|types?|mypy|debug|qa|format|formatting)$/i;

/** Names of requirements lists for development. The same files never belong to a production image. */
export const DEVELOPMENT_LISTS: readonly string[] = [
  'dev',
  'development',
  'test',
  'tests',
  'testing',
  'local',
].flatMap((kind) => [
  `${kind}-requirements.txt`,
  `${kind}_requirements.txt`,
  `requirements-${kind}.txt`,
  `requirements_${kind}.txt`,
  `requirements.${kind}.txt`,
  `requirements/${kind}.txt`,
]);

/**
 * Managers that keep development dependencies in a place of their own; of all others the metadata and the lists say
 * them. Sources: their documentation of groups.
 */
const SOURCES: Readonly<
  Partial<Record<ManagerName, (table: Table, question: ManagerQuestion) => Development>>
> = {
  // "dev" is a default group unless default-groups says otherwise; `dev-dependencies` is its old name.
  uv: (table) => {
    const configured = valueAt(table, 'tool', 'uv', 'default-groups');
    const legacy = stringsAt(table, 'tool', 'uv', 'dev-dependencies').length > 0 ? ['dev'] : [];
    const defaults = Array.isArray(configured) ? stringsAt(table, 'tool', 'uv', 'default-groups') : [];
    const all =
      configured === 'all' ? groupNames(table) : groupNames(table).filter((name) => NAMES.test(name));
    return { groups: [...defaults, ...legacy, ...all], extras: extraNames(table), lists: [] };
  },
  // `poetry install` takes every group that is not optional.
  poetry: (table) => {
    const groups = Object.entries(tableAt(table, 'tool', 'poetry', 'group'));
    const named = groups.filter(([name, group]) => valueAt(group, 'optional') !== true || NAMES.test(name));
    const legacy =
      Object.keys(tableAt(table, 'tool', 'poetry', 'dev-dependencies')).length > 0 ? ['dev'] : [];
    return {
      groups: [...named.map(([name]) => name), ...legacy, ...groupNames(table)],
      extras: extraNames(table),
      lists: [],
    };
  },
  // `pdm install` takes every development group.
  pdm: (table) => ({
    groups: [...Object.keys(tableAt(table, 'tool', 'pdm', 'dev-dependencies')), ...groupNames(table)],
    extras: extraNames(table),
    lists: [],
  }),
  pipenv: (_, { files, root }) => ({
    groups: 'dev-packages' in (readTomlOnce(files, inRoot(root, 'Pipfile')) ?? {}) ? ['dev-packages'] : [],
    extras: [],
    lists: [],
  }),
  pylock: (table) => ({ ...NOTHING, groups: developmentGroups(table) }),
  pip: (table, question) => ({ groups: developmentGroups(table), extras: [], lists: lists(question) }),
};

const NOTHING: Development = { groups: [], extras: [], lists: [] };

/** What is needed to work on a project, as its manager and its files tell. */
export function development(question: ManagerQuestion, manager: ManagerName): Development {
  const found = (SOURCES[manager] ?? ofManifest)(
    readTomlOnce(question.files, inRoot(question.root, 'pyproject.toml')) ?? {},
    question,
  );
  return { groups: [...new Set(found.groups)], extras: [...new Set(found.extras)], lists: found.lists };
}

/**
 * Everything about the dependencies of a project that somebody works on: production and development together.
 *
 * @param production what the manager said about production
 */
export function developmentFacts(asked: ManagerQuestion, production: DependencyFacts): DependencyFacts {
  const { root = asked.root, groups: inProduction = asked.groups } = production.shared ?? {};
  const question = { ...asked, root, groups: inProduction };
  const manager = MANAGERS.find(({ name }) => name === production.manager.value)!;
  const { groups, extras, lists: found } = development(question, manager.name);
  const wanted = {
    ...question,
    groups: [...new Set([...question.groups, ...groups])],
    extras: [...new Set([...question.extras, ...extras])],
    // A list that production reads already needs no second mention.
    lists: found.filter((path) => !production.recipe.files.includes(path)),
  };
  return manager.facts(wanted, production.manager.from);
}

function ofManifest(table: Table, question: ManagerQuestion): Development {
  return { groups: developmentGroups(table), extras: extraNames(table), lists: lists(question) };
}

function groupNames(table: Table): readonly string[] {
  return Object.keys(tableAt(table, 'dependency-groups'));
}

function developmentGroups(table: Table): readonly string[] {
  return groupNames(table).filter((name) => NAMES.test(name));
}

function extraNames(table: Table): readonly string[] {
  const extras = [
    ...Object.keys(tableAt(table, 'project', 'optional-dependencies')),
    ...Object.keys(tableAt(table, 'tool', 'poetry', 'extras')),
    ...Object.keys(tableAt(table, 'tool', 'setuptools', 'dynamic', 'optional-dependencies')),
    ...Object.keys(tableAt(table, 'tool', 'flit', 'metadata', 'requires-extra')),
  ];
  return extras.filter((name) => NAMES.test(name));
}

function lists({ files, root }: ManagerQuestion): readonly string[] {
  return presentFiles(files, root, DEVELOPMENT_LISTS).filter((path) => files.read(path) !== undefined);
}
