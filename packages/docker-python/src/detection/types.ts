/** What detection says about a project. Knows nothing of containers: facts only, each with its source. */

/** A fact and the file, setting or rule that decided it: `{ value: "3.13", from: "requires-python in pyproject.toml" }`. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: string;
}

/** The Python name of a project, normalised as PEP 503 says. Never the name of the Nx project. */
export type DistributionName = string & { readonly __brand: 'DistributionName' };

/** Normalises a distribution name. Source: PEP 503, "Normalized Names". */
export function distributionName(raw: string): DistributionName {
  return raw
    .trim()
    .replace(/[-_.]+/g, '-')
    .toLowerCase() as DistributionName;
}

export type ManagerName =
  'uv' | 'poetry' | 'pdm' | 'pylock' | 'pipenv' | 'pip' | 'hatch' | 'flit' | 'setuptools';

/** An argument vector. Never a shell string. */
export type Argv = readonly string[];

/** A named command of an image: web, worker, migrate. */
export interface Process {
  readonly command: Argv;
  /** The port it listens on; absent for a process that serves nothing. */
  readonly port?: number;
}

/** Something that works but deserves attention, and what to do about it. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A dependency that lives in this repository rather than on an index. */
export interface LocalPackage {
  /** Workspace-relative path of its root, or of the file of a built distribution. */
  readonly path: string;
  readonly from: string;
  readonly extras?: readonly string[];
}

/** One requirement of the production set, as far as its declaration says. */
export interface Requirement {
  readonly name: DistributionName;
  /** The exact version, where a lock or a pin gives one. */
  readonly version?: string;
  readonly extras?: readonly string[];
  /**
   * File names of the wheels that the lock lists, empty if there is only a source distribution. Absent where the
   * lock does not say, and for what comes from a repository or this workspace.
   */
  readonly wheels?: readonly string[];
}

/**
 * How the list of third-party packages comes out of the project's lock file.
 * The commands run one after the other in a writable folder that holds `files` at their workspace-relative places,
 * with the project's root as the working directory; the first that fails ends the build. `tools` and `python` (the
 * image's own) are on PATH. Inside of an argument `{output}` stands for the file to write, a requirements list with
 * hashes, and `{scripts}` for the folder of the plugin's helper scripts; both are absolute paths.
 */
export interface InstallRecipe {
  /** Python tools that the commands need, pinned: `uv==0.13.9`. Installed away from the application. */
  readonly tools: readonly string[];
  /** Workspace-relative files that the commands read, in a stable order; nothing else is visible to them. */
  readonly files: readonly string[];
  readonly commands: readonly Argv[];
  /** Whether the commands ask a package index (resolving), or only read files. */
  readonly network: boolean;
  /** Whether every entry of the list carries a hash, so that the installer can insist on them. */
  readonly hashed: boolean;
  /**
   * The list is a pylock.toml (PEP 751): only that says which package comes from which index. Absent for a
   * requirements list.
   */
  readonly format?: 'pylock';
}

/** A lock outside of the project that pins it together with others. The image reads a slice of it. */
export interface SharedLock {
  /** Workspace-relative. */
  readonly lock: string;
  /** The committed slice in the project, workspace-relative. It need not be there yet. */
  readonly slice: string;
  /** The other name that the slice could have; only one of the two files exists. */
  readonly otherSlice: string;
  /** Workspace-relative folder that the exporter runs in: the project, or the root whose manifest serves it. */
  readonly root: string;
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** How the manager exports what this project needs. */
  readonly exporter: InstallRecipe;
  /** The version of the manager that the project asks for. */
  readonly requiredVersion?: string;
}

/** The dependency half of a project: who manages it, from which files. */
export interface DependencyFacts {
  readonly manager: Sourced<ManagerName>;
  readonly lock?: Sourced<string>;
  /** The production requirements that are known without running anything: the closure if locked, else the direct ones. */
  readonly requirements: readonly Requirement[];
  readonly recipe: InstallRecipe;
  /** Where the lock is not the project's own: then the recipe reads the slice. */
  readonly shared?: SharedLock;
  readonly localPackages: readonly LocalPackage[];
  readonly findings: readonly Finding[];
}

export interface PythonProject extends DependencyFacts {
  /** Workspace-relative, forward slashes; `.` for the workspace root itself. */
  readonly root: string;
  readonly distribution: Sourced<DistributionName>;
  /** Minor version of Python: `3.13`. */
  readonly python: Sourced<string>;
  readonly framework?: Sourced<string>;
  /** Folders that go on the import path, project-relative, first one first: `["src"]`, `["."]`. */
  readonly sourceRoots: readonly string[];
  /** In order; `web` or the first one is the default. */
  readonly processes: Readonly<Record<string, Sourced<Process>>>;
  /** The port of the default process, where it serves one. */
  readonly port?: Sourced<number>;
  /** The server that a web application needs and nobody declares; only if the caller may add one. */
  readonly addServer?: Sourced<string>;
}

/** What the user decided, so that detection need not. Anything absent is detected. */
export interface DetectionOverrides {
  readonly manager?: Sourced<ManagerName>;
  /** The requirements list that counts, project-relative. */
  readonly requirements?: Sourced<string>;
  readonly python?: Sourced<string>;
  readonly command?: Sourced<Argv>;
  readonly port?: Sourced<number>;
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
  /** Requirements beyond those that the project declares: they count as declared. */
  readonly extraRequirements?: readonly Requirement[];
  /** Whether a web application without a declared server may get one: see `PythonProject.addServer`. */
  readonly mayAddServer?: boolean;
}
