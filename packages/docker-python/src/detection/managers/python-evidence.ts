import { posix } from 'node:path';
import type { FileSource } from '../files';
import { DOCKERFILES, isManaged } from '../frameworks/dockerfile-text';
import { stringAt, stringsAt, valueAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import type { DependencyFacts } from '../types';
import { glanceAtPyproject, inRoot } from './pyproject';
import { parsePoetryRange, parseRequiresPython, type PythonRange } from './python-range';
import type { ManagerQuestion } from './types';

/** A file that names one Python: `{ minor: "3.12", from: ".python-version" }`. */
export interface Pin {
  readonly minor: string;
  readonly from: string;
}

/** A file that says which Pythons will do. */
export interface Bound {
  readonly range: PythonRange;
  readonly text: string;
  readonly from: string;
}

/** Readers of single values: file name, and how its text names a version. In order of precedence. */
const PIN_FILES: readonly {
  readonly names: readonly string[];
  readonly inherited: boolean;
  readonly read: (files: FileSource, path: string) => string | undefined;
}[] = [
  { names: ['.python-version'], inherited: true, read: (files, path) => firstVersionLine(files.read(path)) },
  {
    names: ['.tool-versions'],
    inherited: true,
    read: (files, path) => /^[ \t]*python[ \t]+(\S+)/m.exec(files.read(path) ?? '')?.[1],
  },
  { names: ['mise.toml', '.mise.toml', '.config/mise.toml'], inherited: true, read: readMise },
  { names: ['Pipfile'], inherited: false, read: readPipfile },
  { names: ['runtime.txt'], inherited: false, read: (files, path) => firstVersionLine(files.read(path)) },
];

/** All files that name one Python, the strongest first. Inherited files: the project's, else the nearest upwards. */
export function pythonPins({ files, root }: ManagerQuestion): readonly Pin[] {
  return PIN_FILES.flatMap(({ names, inherited, read }) => {
    for (const folder of inherited ? upwards(root) : [root]) {
      for (const path of names.map((name) => inRoot(folder, name))) {
        const minor = toMinor(read(files, path));
        if (minor !== undefined) return [{ minor, from: path }];
      }
    }
    return [];
  });
}

/** Everything that bounds the Python version: manifests, and the lock's own bound. */
export function pythonBounds(
  { files, root: project }: ManagerQuestion,
  facts: Pick<DependencyFacts, 'lock' | 'shared'>,
): readonly Bound[] {
  const root = facts.shared?.root ?? project;
  const pyproject = glanceAtPyproject(files, root);
  const lock = facts.lock?.value;
  const cfg = inRoot(root, 'setup.cfg');
  const script = inRoot(root, 'setup.py');
  const declared = [
    {
      from: 'requires-python in',
      path: inRoot(root, 'pyproject.toml'),
      text: stringAt(pyproject?.table, 'project', 'requires-python'),
    },
    {
      from: 'requires-python in',
      path: lock ?? '',
      text: lock?.endsWith('uv.lock') ? stringAt(readTomlOnce(files, lock), 'requires-python') : undefined,
    },
    {
      from: 'python_requires in',
      path: cfg,
      text: /^[ \t]*python_requires[ \t]*=(.+)$/m.exec(files.read(cfg) ?? '')?.[1],
    },
    {
      from: 'python_requires in',
      path: script,
      text: /\bpython_requires[ \t]*=[ \t]*["']([^"'\n]+)["']/.exec(files.read(script) ?? '')?.[1],
    },
  ];
  const poetry = stringAt(pyproject?.table, 'tool', 'poetry', 'dependencies', 'python');
  return [
    ...declared.flatMap(({ from, path, text }) => bound(text, `${from} ${path}`, parseRequiresPython)),
    ...bound(
      poetry,
      `tool.poetry.dependencies.python in ${inRoot(root, 'pyproject.toml')}`,
      parsePoetryRange,
    ),
  ];
}

function bound(
  text: string | undefined,
  from: string,
  parse: (text: string) => PythonRange | undefined,
): readonly Bound[] {
  const range = text === undefined ? undefined : parse(text.trim());
  return range === undefined ? [] : [{ range, text: text!.trim(), from }];
}

/** The Python of the first hand-written Dockerfile that says one. */
export function dockerfilePython({ files, root }: ManagerQuestion): Pin | undefined {
  const folders = new Set(files.list(root).map((name) => name.replace(/\/$/, '')));
  for (const path of DOCKERFILES.filter((name) => folders.has(name.split('/')[0]!))) {
    const pin = lastPython(files.read(inRoot(root, path)) ?? '', inRoot(root, path));
    if (pin) return pin;
  }
  return undefined;
}

/** The Python of a Dockerfile's last stage that says one; a managed one (ours) is no evidence. */
function lastPython(text: string, path: string): Pin | undefined {
  if (isManaged(text)) return undefined;
  const args = new Map(
    [...text.matchAll(/^[ \t]*ARG[ \t]+(\w+)=["']?([\w.-]+)/gim)].map(([, name, value]) => [name!, value!]),
  );
  const minors = [...text.matchAll(/^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)/gim)].flatMap(
    ([, image]) => {
      const named = image!
        .slice(0, 500)
        .replaceAll(
          /\$\{?(\w+)(?::-([\w.-]+))?\}?/g,
          (_, name: string, or?: string) => args.get(name) ?? or ?? '',
        );
      return (
        toMinor(/(?:^|\/)python:([\d.]+)/.exec(named)?.[1] ?? /:.*?python(\d\.\d+)/.exec(named)?.[1]) ?? []
      );
    },
  );
  const last = minors.at(-1);
  return last === undefined ? undefined : { minor: last, from: `FROM in ${path}` };
}

/** `3.12` of `3.12.4`, `python-3.12.4`, `cpython@3.12`, `3.13t`; undefined for other words and other Pythons. */
export function toMinor(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return /^(?:c?python[-@]?)?(\d+\.\d+)(?:\.\d+)?(?:[-.]?(?:a|b|rc|dev|t)\d*)?$/i.exec(text.trim())?.[1];
}

function firstVersionLine(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/#.*$/, '').trim());
  return lines.find((line) => line !== '')?.split(/\s+/)[0];
}

/** Source: mise's documentation, "Configuration". */
function readMise(files: FileSource, path: string): string | undefined {
  const table = readTomlOnce(files, path);
  const tool = valueAt(table, 'tools', 'python');
  return (
    stringsAt(table, 'tools', 'python')[0] ?? (typeof tool === 'string' ? tool : stringAt(tool, 'version'))
  );
}

/** Source: Pipenv's documentation, "Pipfile & Pipfile.lock". */
function readPipfile(files: FileSource, path: string): string | undefined {
  const table = readTomlOnce(files, path);
  return stringAt(table, 'requires', 'python_full_version') ?? stringAt(table, 'requires', 'python_version');
}

function upwards(root: string): readonly string[] {
  const folders = [root];
  for (let folder = root; folder !== '.';) folders.push((folder = posix.dirname(folder)));
  return folders;
}
