import type { FileSource } from '../files';
import { installRequires } from '../managers/declared';
import { glanceAtPyproject, groupTexts, inRoot } from '../managers/pyproject';
import { cfgLists } from '../managers/setup-cfg';
import { stringsAt, type Table, tableAt } from '../toml';
import type { Need, Needed } from './types';

const PRODUCTION: Needed = { kind: 'production', by: 'metadata' };
const BUILD: Needed = { kind: 'build', by: 'metadata' };
const extraOf = (extra: string): Needed => ({ kind: 'optional', by: 'metadata', extra });
const groupOf = (group: string): Needed => ({ kind: 'development', by: 'metadata', group });

/** The requirement strings of a project's manifests, all extras and groups of them, and those of its build. */
export function needsOf(files: FileSource, root: string): readonly Need[] {
  const pyproject = glanceAtPyproject(files, root);
  return [
    ...(pyproject ? manifestNeeds(pyproject.table, pyproject.path) : []),
    ...setupCfgNeeds(files, inRoot(root, 'setup.cfg')),
    ...setupPyNeeds(files, inRoot(root, 'setup.py')),
  ];
}

/** Places in pyproject.toml. Sources: PEP 518, 621 and 735; the documentation of uv, PDM, flit and Hatch. */
function manifestNeeds(table: Table, path: string): readonly Need[] {
  const lists = (needed: (key: string) => Needed, ...keys: string[]): readonly Need[] => {
    const names = Object.keys(tableAt(table, ...keys));
    return names.flatMap((name) =>
      needs(stringsAt(table, ...keys, name), needed(name), keys.join('.'), path),
    );
  };
  const list = (needed: Needed, ...keys: string[]): readonly Need[] =>
    needs(stringsAt(table, ...keys), needed, keys.join('.'), path);
  const groups = Object.keys(tableAt(table, 'dependency-groups'));
  return [
    ...list(PRODUCTION, 'project', 'dependencies'),
    ...list(PRODUCTION, 'tool', 'flit', 'metadata', 'requires'),
    ...lists(extraOf, 'project', 'optional-dependencies'),
    ...lists(extraOf, 'tool', 'flit', 'metadata', 'requires-extra'),
    ...groups.flatMap((group) => needs(groupTexts(table, group), groupOf(group), 'dependency-groups', path)),
    ...list(groupOf('dev'), 'tool', 'uv', 'dev-dependencies'),
    ...lists(groupOf, 'tool', 'pdm', 'dev-dependencies'),
    ...Object.keys(tableAt(table, 'tool', 'hatch', 'envs')).flatMap((env) => [
      ...list(groupOf(env), 'tool', 'hatch', 'envs', env, 'dependencies'),
      ...list(groupOf(env), 'tool', 'hatch', 'envs', env, 'extra-dependencies'),
    ]),
    ...list(BUILD, 'build-system', 'requires'),
    ...lists(() => BUILD, 'tool', 'uv', 'extra-build-dependencies'),
  ];
}

function setupCfgNeeds(files: FileSource, path: string): readonly Need[] {
  const text = files.read(path);
  if (text === undefined) return [];
  return [
    // "file: deps.txt" is a list, read as one.
    ...needs(
      (cfgLists(text, 'options').get('install_requires') ?? []).filter((item) => !item.startsWith('file:')),
      PRODUCTION,
      'options',
      path,
    ),
    ...[...cfgLists(text, 'options.extras_require')].flatMap(([extra, texts]) =>
      needs(texts, extraOf(extra), 'options.extras_require', path),
    ),
    ...needs(cfgLists(text, 'options').get('setup_requires') ?? [], BUILD, 'options', path),
  ];
}

function setupPyNeeds(files: FileSource, path: string): readonly Need[] {
  const text = files.read(path);
  return text === undefined ? [] : needs(installRequires(text), PRODUCTION, 'install_requires', path);
}

/** PDM writes `-e` before what it installs editable. */
function needs(texts: readonly string[], needed: Needed, entry: string, file: string): readonly Need[] {
  return texts.map((text) => ({
    ...needed,
    text: text.replace(/^\s*(?:-e|--editable)[\s=]+/, ''),
    from: `${entry} in ${file}`,
    file,
  }));
}
