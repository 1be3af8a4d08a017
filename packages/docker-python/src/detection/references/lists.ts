import { posix } from 'node:path';
import { type FileSource, joinInside } from '../files';
import { parsePep508 } from '../managers/pep508';
import { derivedFrom } from '../managers/parse-cache';
import { dynamicDependencyFiles, glanceAtPyproject, inRoot } from '../managers/pyproject';
import { isDirectReference } from '../managers/requirement-location';
import { firstFile, REQUIREMENTS_FILES, REQUIREMENTS_SOURCES } from '../managers/requirements-choice';
import { requirementsLines } from '../managers/requirements-format';
import { cfgLists } from '../managers/setup-cfg';
import { type Place, placeOf } from './place';
import type { LocalReference, Needed } from './types';

/** A requirements list of a project and who needs what is in it. */
interface RequirementsList {
  readonly path: string;
  readonly needed: Needed;
}

/** A file that a list of the project includes with `-r` or `-c`, wherever it is. */
export interface IncludedFile {
  readonly path: string;
  readonly from: string;
  /** The file alone. */
  readonly file: string;
}

const LIST =
  /^(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]+)?\.(?:txt|in|pip|lock)$|^constraints[\w.-]*\.txt$/i;

/** What the requirements lists of a project name: by path, editable or not, and by URL. */
export function listReferences(files: FileSource, root: string): readonly LocalReference[] {
  return readLists(files, root).flatMap(({ references }) => references);
}

/** The files that the requirements lists of a project include. */
export function includedFiles(files: FileSource, root: string): readonly IncludedFile[] {
  return readLists(files, root).flatMap(({ included }) => included);
}

/** Every list, but for those that a list before it includes. */
function readLists(files: FileSource, root: string): readonly ReturnType<typeof readList>[] {
  return derivedFrom(files, `lists ${root}`, () => readEach(files, root));
}

function readEach(files: FileSource, root: string): readonly ReturnType<typeof readList>[] {
  const included = new Set<string>();
  return listsOf(files, root).flatMap((list) => {
    if (included.has(list.path)) return [];
    const read = readList(files, root, list);
    for (const { path } of read.included) included.add(path);
    return [read];
  });
}

/** All lists of a project: the one for production, those that its metadata is made of, the others for development. */
function listsOf(files: FileSource, root: string): readonly RequirementsList[] {
  const pyproject = glanceAtPyproject(files, root);
  const dynamic = [
    ...(pyproject ? dynamicDependencyFiles(pyproject, root) : []),
    ...setupCfgFiles(files.read(inRoot(root, 'setup.cfg')) ?? '').map((name) => inRoot(root, name)),
  ];
  const production = [REQUIREMENTS_FILES, REQUIREMENTS_SOURCES].flatMap(
    (names) => firstFile(files, root, names) ?? [],
  );
  const inFolder = files.list(root).includes('requirements/')
    ? files
        .list(inRoot(root, 'requirements'))
        .filter((name) => /\.(?:txt|in)$/.test(name))
        .map((name) => `requirements/${name}`)
    : [];
  const others = [...files.list(root).filter((name) => LIST.test(name)), ...inFolder]
    .map((name) => inRoot(root, name))
    .filter((path) => !production.includes(path) && !dynamic.includes(path));
  return [
    ...dynamic.map((path) => ({ path, needed: { kind: 'production', by: 'metadata' } as const })),
    ...production
      .filter((path) => !dynamic.includes(path))
      .map((path) => ({ path, needed: { kind: 'production', by: 'list' } as const })),
    ...others.map((path) => ({ path, needed: { kind: 'development', by: 'list' } as const })),
  ];
}

/** `install_requires = file: requirements.txt`. */
function setupCfgFiles(text: string): readonly string[] {
  const list = cfgLists(text, 'options').get('install_requires') ?? [];
  return list
    .flatMap((item) => (item.startsWith('file:') ? item.slice('file:'.length).split(',') : []))
    .map((name) => name.trim());
}

/** Follows a list through everything that it includes; what cannot be read is left to who installs it. */
function readList(
  files: FileSource,
  root: string,
  { path, needed }: RequirementsList,
): { readonly references: readonly LocalReference[]; readonly included: readonly IncludedFile[] } {
  const references: LocalReference[] = [];
  const included: IncludedFile[] = [];
  const seen = new Set([path]);
  for (const at of seen) {
    const text = files.read(at) ?? '';
    // Nearly all lists are long and name nothing local: then there is nothing to take apart.
    if (!/[\\/.]/.test(text)) continue;
    for (const line of requirementsLines(text)) {
      const from = `${at}:${line.line}`;
      if (line.kind === 'include') {
        const target = joinInside(posix.dirname(at), line.path);
        if (target === undefined || /^[a-z]{2,}:\/\//i.test(line.path)) continue;
        included.push({ path: target, from, file: at });
        seen.add(target);
      } else if (line.kind === 'requirement') {
        const place = localPlace(files, line.text, line.editable, { bases: [root, posix.dirname(at)], from });
        if (place) references.push({ ...place, ...needed, from, file: at });
      }
    }
  }
  return { references, included };
}

/** `-e ./lib[extra]`, `./lib`, `name[extra] @ file:lib`. */
function localPlace(
  files: FileSource,
  text: string,
  editable: boolean,
  { bases, from }: { readonly bases: readonly string[]; readonly from: string },
): Place | undefined {
  if (isDirectReference(text, editable)) return placeOf(files, text, bases, from);
  const parsed = parsePep508(text);
  const place = parsed?.url === undefined ? undefined : placeOf(files, parsed.url, bases, from);
  return place && { path: place.path, name: parsed!.name, extras: parsed!.extras };
}
