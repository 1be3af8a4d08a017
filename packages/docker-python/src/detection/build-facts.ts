import { posix } from 'node:path';
import type { FileSource } from './files';
import { joinInside } from './files';
import { manifestFiles } from './managers/manifest';
import { buildBackend, glanceAtPyproject, inRoot } from './managers/pyproject';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from './toml';
import type { Sourced } from './types';

/** How a project is built, as far as its files say. */
export interface BuildFacts {
  /** Module of the build backend, where one is named. */
  readonly backend?: string;
  /** Code that has to be compiled: by the backend, or extension modules of setuptools. */
  readonly compiled?: Sourced<'backend' | 'extensions'>;
  /** Requirements of the build. */
  readonly requires: readonly string[];
  readonly hasSetupPy: boolean;
  /** Project-relative module that holds a dynamic version as a literal. */
  readonly versionFile?: string;
  /** Whether the version is written nowhere: it comes from git, or is computed. */
  readonly versionUnknown: boolean;
  /** What a backend would make of git, which a build context does not have. */
  readonly fromGit?: FromGit;
  /** Workspace-relative files that the backend reads beside the code: readme, licence, manifests. */
  readonly manifests: readonly string[];
}

/** A version that a backend takes from git, and the module that it writes it to. */
export interface FromGit {
  /** What the project wants where there is no git. */
  readonly fallback?: string;
  /** Project-relative module that is made by the build and imported at run time. */
  readonly file?: string;
}

/** Backends that are chosen because there is something to compile. */
const COMPILING_BACKENDS = [
  'maturin',
  'scikit_build_core',
  'skbuild',
  'mesonpy',
  'sipbuild',
  'setuptools_rust',
];

/** What setuptools takes when a project names no build requirements. Source: PEP 518, "build-system table". */
const DEFAULT_REQUIRES = ['setuptools'];

/** A call or keyword that declares extension modules in a setup.py. */
const EXTENSIONS = /\b(ext_modules|rust_extensions|cffi_modules)\s*=|\bcythonize\s*\(|\bmypycify\s*\(/;

export function readBuildFacts(files: FileSource, root: string): BuildFacts {
  const pyproject = glanceAtPyproject(files, root);
  const table = pyproject?.table ?? {};
  const setupPy = files.read(inRoot(root, 'setup.py'));
  const backend = pyproject && buildBackend(pyproject);
  const requires = stringsAt(table, 'build-system', 'requires');
  const compiled = compiledBy(table, backend, setupPy, root);
  const dynamic = dynamicVersion(table);
  const versionFile = dynamic ? locateVersion(files, root, table) : undefined;
  const fromGit = dynamic || 'tool' in table ? versionFromGit(table) : undefined;
  return {
    ...(backend ? { backend } : {}),
    ...(compiled ? { compiled } : {}),
    requires: requires.length > 0 ? requires : DEFAULT_REQUIRES,
    hasSetupPy: setupPy !== undefined,
    ...(versionFile ? { versionFile } : {}),
    versionUnknown: dynamic && versionFile === undefined && fromGit?.fallback === undefined,
    ...(fromGit ? { fromGit } : {}),
    manifests: pyproject || setupPy !== undefined ? manifestFiles(files, root) : [],
  };
}

function compiledBy(
  table: Table,
  backend: string | undefined,
  setupPy: string | undefined,
  root: string,
): BuildFacts['compiled'] {
  const manifest = inRoot(root, 'pyproject.toml');
  if (backend !== undefined && COMPILING_BACKENDS.includes(backend)) {
    return { value: 'backend', from: `the build backend ${backend} in ${manifest}` };
  }
  const declared = valueAt(table, 'tool', 'setuptools', 'ext-modules');
  if (Array.isArray(declared) && declared.length > 0)
    return { value: 'extensions', from: `ext-modules in ${manifest}` };
  if (setupPy !== undefined && EXTENSIONS.test(setupPy.replaceAll(/^\s*#.*$/gm, ''))) {
    return { value: 'extensions', from: `extension modules in ${inRoot(root, 'setup.py')}` };
  }
  return undefined;
}

function dynamicVersion(table: Table): boolean {
  return 'project' in table && stringAt(table, 'project', 'version') === undefined;
}

/** Tables that say "ask git", and their names for the version without it and for the module that is written. */
const GIT_VERSIONS: readonly {
  readonly asks: (tool: Table) => boolean;
  readonly fallback: readonly (readonly string[])[];
  readonly file: readonly (readonly string[])[];
}[] = [
  // Source: setuptools-scm, "Configuration".
  {
    asks: (tool) => 'setuptools_scm' in tool,
    fallback: [['setuptools_scm', 'fallback_version']],
    file: [
      ['setuptools_scm', 'version_file'],
      ['setuptools_scm', 'write_to'],
    ],
  },
  // Source: hatch-vcs, "Version source" and "Build hook"; uv-dynamic-versioning.
  {
    asks: (tool) =>
      ['vcs', 'uv-dynamic-versioning'].includes(stringAt(tool, 'hatch', 'version', 'source') ?? ''),
    fallback: [
      ['hatch', 'version', 'fallback-version'],
      ['hatch', 'version', 'raw-options', 'fallback_version'],
      ['uv-dynamic-versioning', 'fallback-version'],
    ],
    file: [['hatch', 'build', 'hooks', 'vcs', 'version-file']],
  },
  // Source: PDM-Backend, "Dynamic project version".
  {
    asks: (tool) => stringAt(tool, 'pdm', 'version', 'source') === 'scm',
    fallback: [['pdm', 'version', 'fallback_version']],
    file: [['pdm', 'version', 'write_to']],
  },
  // Source: poetry-dynamic-versioning.
  {
    asks: (tool) => valueAt(tool, 'poetry-dynamic-versioning', 'enable') === true,
    fallback: [['poetry-dynamic-versioning', 'fallback-version']],
    file: [],
  },
];

function versionFromGit(table: Table): FromGit | undefined {
  const tool = tableAt(table, 'tool');
  const way = GIT_VERSIONS.find(({ asks }) => asks(tool));
  if (!way) return undefined;
  const first = (paths: readonly (readonly string[])[]): string | undefined =>
    paths.map((path) => stringAt(tool, ...path)).find((value) => value !== undefined);
  const [fallback, file] = [first(way.fallback), first(way.file)];
  const inside = file === undefined ? undefined : joinInside(file);
  return {
    ...(fallback !== undefined && VERSION_TEXT.test(fallback) ? { fallback } : {}),
    ...(inside?.endsWith('.py') ? { file: inside } : {}),
  };
}

/** A version that may stand in a build step. Source: PEP 440, loosely. */
const VERSION_TEXT = /^v?\d[\w.!+-]*$/;

/** The module that hatch, flit, setuptools or PDM are told to read, else the package's own. */
function locateVersion(files: FileSource, root: string, table: Table): string | undefined {
  const attribute = stringAt(table, 'tool', 'setuptools', 'dynamic', 'version', 'attr');
  if (versionFromGit(table)) return undefined;
  const hatch = tableAt(table, 'tool', 'hatch', 'version');
  const name = (stringAt(table, 'project', 'name') ?? '').replaceAll(/[-.]/g, '_').toLowerCase();
  const candidates = [
    stringAt(hatch, 'path'),
    stringAt(table, 'tool', 'pdm', 'version', 'path'),
    ...(attribute ? moduleFiles(attribute.split('.').slice(0, -1).join('/')) : []),
    ...(stringAt(table, 'tool', 'flit', 'module', 'name')
      ? moduleFiles(stringAt(table, 'tool', 'flit', 'module', 'name')!)
      : []),
    ...moduleFiles(name),
  ];
  return candidates.find((path): path is string => {
    const inside = path === undefined ? undefined : joinInside(root, path);
    return inside !== undefined && MODULE_VERSION.test(files.read(inside) ?? '');
  });
}

/** A version as a literal in a module. The same expression as in `render/scripts/metadata.py`. */
export const MODULE_VERSION = /^(?:__version__|VERSION|version)(?:\s*:[^=\n]+)?\s*=\s*["']([^"']+)["']/m;

function moduleFiles(path: string): readonly string[] {
  return path === ''
    ? []
    : ['', 'src'].flatMap((folder) =>
        [`${path}/__init__.py`, `${path}.py`].map((file) => posix.join(folder, file)),
      );
}
