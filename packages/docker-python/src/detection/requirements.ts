import { posix } from 'node:path';
import { DockerPythonError } from '../errors';
import { type FileSource, joinInside, resolveInside } from './files';
import { parsePep508, type Pep508 } from './managers/pep508';
import { requirementsLines, type RequirementsLine } from './managers/requirements-format';
import { isDirectReference, locate, type Location } from './managers/requirement-location';
import type { DistributionName } from './types';

/** One requirement of a requirements file, or of a file that it includes. */
export interface RequirementEntry {
  /** Absent for a local path or an URL that does not say it. */
  readonly name?: DistributionName;
  readonly extras: readonly string[];
  /** Version clauses as written: `==2.3.0`. */
  readonly specifiers: string;
  readonly marker?: string;
  readonly hashes: readonly string[];
  readonly editable: boolean;
  /** Where it comes from, if not from an index. */
  readonly location?: Location;
  /** `requirements/base.txt:4`. */
  readonly from: string;
}

/** A requirements file and everything that it includes. */
export interface RequirementsChain {
  /** Workspace-relative, in the order in which they are first read; constraint files included. */
  readonly files: readonly string[];
  readonly entries: readonly RequirementEntry[];
  /** Entries of constraint files: versions that are not exceeded, not requirements. */
  readonly constraints: readonly RequirementEntry[];
  /** Options for the whole installation, as written: `--index-url https://...`, `--no-binary lxml`. */
  readonly options: readonly {
    readonly name: string;
    readonly value: string | undefined;
    readonly from: string;
  }[];
}

/**
 * Reads a requirements file and follows its `-r` and `-c` lines. Included paths are relative to the file that names
 * them; local projects to the folder that pip is run in, or where there is nothing, to the file.
 *
 * @param root the folder that pip is run in: the project's root
 * @throws DockerPythonError REQUIREMENTS_MISSING, OUTSIDE_WORKSPACE, UNSUPPORTED_PATH or INVALID_MANIFEST, with file and line
 */
export function readRequirements(
  files: FileSource,
  path: string,
  root: string = posix.dirname(path),
): RequirementsChain {
  const chain = {
    files: [] as string[],
    entries: [] as RequirementEntry[],
    constraints: [] as RequirementEntry[],
    options: [] as RequirementsChain['options'][number][],
  };
  const seen = new Set<string>();
  const pending = [{ path, constraints: false, from: '' }];
  for (let next = pending.shift(); next; next = pending.shift()) {
    const key = `${next.constraints} ${next.path}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const text = files.read(next.path);
    if (text === undefined) throw missing(next.path, next.from);
    if (!chain.files.includes(next.path)) chain.files.push(next.path);
    const included: typeof pending = [];
    for (const line of requirementsLines(text)) {
      const from = `${next.path}:${line.line}`;
      if (line.kind === 'include') {
        included.push({
          path: include(next.path, line.path, from),
          constraints: next.constraints || line.constraints,
          from,
        });
      } else if (line.kind === 'option') {
        chain.options.push({ name: line.name, value: line.value, from });
      } else if (line.kind === 'invalid') {
        throw invalid(from, line.text);
      } else {
        const entry = toEntry(files, line, { root, folder: posix.dirname(next.path), from });
        (next.constraints ? chain.constraints : chain.entries).push(entry);
      }
    }
    pending.unshift(...included);
  }
  return chain;
}

/** The files that a requirements file touches: itself and what it includes, in a stable order. */
export function requirementsFiles(files: FileSource, paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => readRequirements(files, path).files))];
}

function include(path: string, target: string, from: string): string {
  if (/^[a-z]{2,}:\/\//i.test(target)) {
    throw new DockerPythonError({
      code: 'UNSUPPORTED_PATH',
      message: `${from} includes ${target}, which is not a file of the workspace.`,
      hint: 'Save that list as a file of the workspace and include it by its path.',
    });
  }
  return resolveInside(posix.dirname(path), target, from);
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly from: string;
}

function toEntry(
  files: FileSource,
  line: Extract<RequirementsLine, { kind: 'requirement' }>,
  { root, folder, from }: Place,
): RequirementEntry {
  const base = { hashes: line.hashes, editable: line.editable, from };
  const exists = (at: string): boolean => {
    const inside = joinInside(at);
    return inside !== undefined && (files.list(inside).length > 0 || files.read(inside) !== undefined);
  };
  const bases = [root, folder];
  if (isDirectReference(line.text, line.editable)) {
    return { ...base, specifiers: '', ...locate(line.text, { bases, exists, from }) };
  }
  const parsed = parsePep508(line.text);
  if (!parsed) throw invalid(from, line.text);
  const { url, marker, ...named } = parsed satisfies Pep508;
  const location = url === undefined ? undefined : locate(url, { bases, exists, from }).location;
  return { ...base, ...named, ...(marker ? { marker } : {}), ...(location ? { location } : {}) };
}

function missing(path: string, from: string): DockerPythonError {
  return new DockerPythonError({
    code: 'REQUIREMENTS_MISSING',
    message: from === '' ? `There is no ${path}.` : `${from} includes ${path}, which does not exist.`,
    hint: from === '' ? `Create ${path}.` : `Create ${path}, or correct the line in ${from}.`,
  });
}

function invalid(from: string, text: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_MANIFEST',
    message: `${from} is not a requirement that pip understands: "${text.length > 80 ? `${text.slice(0, 80)}...` : text}".`,
    hint: 'Write it as "name==version", as "name @ URL", or as one of the options of pip\'s requirements file format.',
  });
}
