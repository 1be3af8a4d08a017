import { readRequirements } from '../requirements';
import { stringsAt } from '../toml';
import type { LocalPackage, Requirement } from '../types';
import { ownManifest } from './manifest';
import { parsePep508, type Pep508, toRequirement } from './pep508';
import {
  chosenDependencyFiles,
  groupTexts,
  inRoot,
  projectTexts,
  readPyproject,
  uniqueRequirements,
} from './pyproject';
import { isDirectReference, locate } from './requirement-location';
import { cfgLists } from './setup-cfg';
import type { ManagerQuestion } from './types';

/** What a project's metadata declares, without asking its build backend. */
export interface Declared {
  /** Project-relative manifest that a resolver is pointed at. */
  readonly manifest: string;
  readonly requirements: readonly Requirement[];
  readonly localPackages: readonly LocalPackage[];
  /** Whether all of it can carry hashes: no repositories. */
  readonly hashed: boolean;
}

/** Reads the direct requirements of pyproject.toml, setup.cfg or setup.py, as far as they stand there in plain text. */
export function declared(question: ManagerQuestion): Declared {
  const { files, root, extras, groups } = question;
  const pyproject = readPyproject(files, root);
  const table = pyproject?.table ?? {};
  const cfg = files.read(inRoot(root, 'setup.cfg')) ?? '';
  const texts = [
    ...projectTexts(table, extras),
    ...groups.flatMap((group) => groupTexts(table, group)),
    ...stringsAt(table, 'tool', 'flit', 'metadata', 'requires'),
    ...extras.flatMap((extra) => stringsAt(table, 'tool', 'flit', 'metadata', 'requires-extra', extra)),
    ...(cfgLists(cfg, 'options').get('install_requires') ?? []),
    ...extras.flatMap((extra) => cfgLists(cfg, 'options.extras_require').get(extra) ?? []),
    ...installRequires(files.read(inRoot(root, 'setup.py')) ?? ''),
  ];
  const parsed = texts.flatMap((text) => parsePep508(text) ?? []);
  const fromFiles = (pyproject ? chosenDependencyFiles(pyproject, root, extras) : [])
    .filter((path) => files.read(path) !== undefined)
    .flatMap((path) => readRequirements(files, path, root).entries);
  const references = parsed.flatMap((entry) =>
    entry.url === undefined ? [] : locateReference(entry, question),
  );
  const places = [
    ...references,
    ...fromFiles.flatMap(({ location, from }) => (location ? [{ location, from }] : [])),
  ];
  return {
    manifest: ownManifest(question) ?? 'pyproject.toml',
    requirements: uniqueRequirements([
      ...parsed.map(toRequirement),
      ...fromFiles.flatMap(({ name, ...rest }) =>
        name === undefined ? [] : [toRequirement({ name, ...rest })],
      ),
    ]),
    localPackages: places.flatMap(({ location, from }) =>
      location.kind === 'local' && location.path !== root ? [{ path: location.path, from }] : [],
    ),
    hashed: !places.some(({ location }) => location.kind === 'vcs'),
  };
}

function locateReference(
  { name, url }: Pep508,
  { files, root }: ManagerQuestion,
): readonly (ReturnType<typeof locate> & { from: string })[] {
  if (url === undefined || !isDirectReference(url, true)) return [];
  const from = `the dependency ${name} in ${inRoot(root, 'pyproject.toml')}`;
  const exists = (path: string): boolean => files.list(path).length > 0 || files.read(path) !== undefined;
  return [{ ...locate(url, { bases: [root], exists, from }), from }];
}

/** A literal list after `install_requires=` in a setup.py; anything computed stays unknown until the build. */
export function installRequires(text: string): readonly string[] {
  const list = /\binstall_requires[ \t]*=[ \t]*\[([^\]]{0,20000})\]/.exec(text)?.[1] ?? '';
  return [...list.replaceAll(/#[^\n]*/g, '').matchAll(/(["'])([^"'\n]{1,300})\1/g)].map(
    ([, , item]) => item!,
  );
}
