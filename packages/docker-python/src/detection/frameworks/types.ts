import type { FileSource } from '../files';
import type { PythonFiles, PythonTree } from '../python-source';
import type { Argv, Finding, Process, Requirement, Sourced } from '../types';

/** What is known about a project when its start command is looked for. */
export interface ProcessQuestion {
  readonly files: FileSource;
  readonly root: string;
  /** Folders on the import path, project-relative: `["src", "."]`. */
  readonly sourceRoots: readonly string[];
  /** Production requirements, direct ones at least. */
  readonly requirements: readonly Requirement[];
  /** The port the user set, else undefined. */
  readonly port?: number;
  /** The project's name, if the caller knows it: entry points named like the project come first. */
  readonly distribution?: string;
  /** The files as they were read for another question, so that nothing is read twice. */
  readonly python?: PythonFiles;
  /**
   * Whether a web application without a declared server may get one. Then `ProcessFacts.addServer` names the
   * distribution to add; otherwise such an application is the error COMMAND_NOT_FOUND.
   */
  readonly mayAddServer?: boolean;
}

/** Extras and dependency groups that the image needs because its server is declared only there. */
export interface Needs {
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
}

/** A start command that was found. Several with different commands from one kind of evidence: the user is asked. */
export interface Candidate {
  readonly command: Argv;
  readonly port?: number;
  /** What says the port, where the evidence for the command does not speak of it. */
  readonly portFrom?: string;
  readonly framework?: string;
  /** The file that decided it, workspace-relative, with a place where that helps: `apps/api/main.py:12`. */
  readonly from: string;
  /** Name of the process; default: `web` if it has a port, else `main`. */
  readonly process?: string;
  /** Further processes that the same evidence names. */
  readonly others?: Readonly<Record<string, Sourced<Process>>>;
  readonly needs?: Sourced<Needs>;
  readonly addServer?: Sourced<string>;
}

/** A Python file that may hold an entry point. Project-relative. */
export interface EntryFile {
  readonly path: string;
  /** Folders between a source root and the file; a package's `__init__.py` counts like a file beside the package. */
  readonly depth: number;
  readonly stem: string;
}

/** A project as the kinds of evidence see it. */
export interface ProjectView {
  readonly root: string;
  readonly tree: PythonTree;
  readonly requirements: readonly Requirement[];
  /** Python files below the source roots, without those of tests, tools and the like; bounded. */
  readonly pythonFiles: readonly EntryFile[];
  /** Whether a distribution (normalised name) is part of the production set, optionally with one of these extras. */
  declares(name: string, ...extras: string[]): boolean;
  /** Python names the project goes by, the most official one first: `["acme_api", "api"]`. */
  readonly names: readonly string[];
  /** The port the user set. */
  readonly port?: number;
  /** The port to use where a command says none: the user's, else the one a Dockerfile exposes, else the default. */
  portOr(standard: number): number;
  /** The port that a Dockerfile of the project exposes. */
  exposedPort(): Sourced<number> | undefined;
  readonly mayAddServer: boolean;
  /** Keeps something that the user should know although it does not decide anything. */
  note(finding: Finding): void;
}

/**
 * One kind of evidence for a start command; an ordered list tries them one after the other and the first
 * that has candidates decides.
 */
export interface Framework {
  readonly name: string;
  /** What is looked for, in words of the user: `a Procfile with a web line`. */
  readonly looksFor: string;
  candidates(view: ProjectView): readonly Candidate[];
}

/** Name of the web framework and the processes that were found. */
export interface ProcessFacts {
  readonly framework?: Sourced<string>;
  /** The default one first. */
  readonly processes: Readonly<Record<string, Sourced<Process>>>;
  /** The port of the default one. */
  readonly port?: Sourced<number>;
  readonly findings: readonly Finding[];
  /** The server is declared only in these extras or groups: they belong to the image. */
  readonly needs?: Sourced<Needs>;
  /** The distribution of the server that nobody declares; only with `mayAddServer`. */
  readonly addServer?: Sourced<string>;
}
