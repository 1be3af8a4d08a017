import { posix } from 'node:path';
import type { FileSource } from './files';
import { detectProcesses, type Needs } from './frameworks';
import { chooseManager } from './managers';
import { unknownProjectKeys } from './project-keys';
import { pythonFiles } from './python-source';
import { detectPython } from './python-version';
import { detectSourceRoots } from './source-roots';
import { readToml, stringAt } from './toml';
import {
  distributionName,
  type DependencyFacts,
  type DetectionOverrides,
  type DistributionName,
  type PythonProject,
  type Sourced,
} from './types';

/**
 * What is this Python project? Reads files, starts nothing.
 *
 * @param files the workspace
 * @param root workspace-relative root of the project
 * @param overrides what the user decided already
 * @throws DockerPythonError where the project is none, contradicts itself, or cannot be understood
 */
export function detectProject(
  files: FileSource,
  root: string,
  overrides: DetectionOverrides = {},
): PythonProject {
  const manager = (more: Needs): DependencyFacts => {
    const extras = union(overrides.extras, more.extras);
    return chooseManager(
      { files, root, extras, groups: union(overrides.groups, more.groups) },
      overrides.manager,
    );
  };
  const declared = manager({});
  const extra = overrides.extraRequirements ?? [];
  const distribution = detectDistribution(files, root);
  const sources = pythonFiles(files, root);
  const sourceRoots = detectSourceRoots(files, root, sources);
  const found = overrides.command
    ? {
        processes: commandOf(overrides.command, overrides.port),
        ...(overrides.port ? { port: overrides.port } : {}),
        findings: [],
      }
    : detectProcesses({
        files,
        root,
        sourceRoots,
        distribution: distribution.value,
        python: sources,
        requirements: [...declared.requirements, ...extra],
        mayAddServer: overrides.mayAddServer ?? false,
        ...(overrides.port ? { port: overrides.port.value } : {}),
      });
  // The server may be declared only in an extra or a group: then that one belongs to the image.
  const { needs, ...processFacts } = found;
  const dependencies = needs ? manager(needs.value) : declared;
  const question = {
    files,
    root,
    extras: union(overrides.extras, needs?.value.extras),
    groups: union(overrides.groups, needs?.value.groups),
  };
  const python = detectPython(question, dependencies, overrides.python);
  return {
    ...dependencies,
    requirements: [...dependencies.requirements, ...extra],
    root,
    distribution,
    python: python.python,
    sourceRoots,
    ...processFacts,
    ...(overrides.port && found.port?.value === overrides.port.value ? { port: overrides.port } : {}),
    findings: [
      ...unknownProjectKeys(files, root),
      ...dependencies.findings,
      ...python.findings,
      ...processFacts.findings,
    ],
  };
}

function union(some: readonly string[] = [], more: readonly string[] = []): readonly string[] {
  return [...new Set([...some, ...more])];
}

function commandOf(
  command: NonNullable<DetectionOverrides['command']>,
  port: DetectionOverrides['port'],
): PythonProject['processes'] {
  const process = { command: command.value, ...(port ? { port: port.value } : {}) };
  return { [port ? 'web' : 'main']: { value: process, from: command.from } };
}

/** The name in setup.cfg: the first `name` after `[metadata]` and before another section. */
const SETUP_CFG_NAME = /^\[metadata\][^[]*?^name[ \t]*=[ \t]*(\S+)[ \t]*$/m;
/** A literal name in the call of a setup.py. */
const SETUP_PY_NAME = /\bsetup\([^()]{0,2000}?\bname[ \t]*=[ \t]*["']([^"'\n]+)["']/;

/** The distribution's name where metadata gives one, else the name of the folder. */
export function detectDistribution(files: FileSource, root: string): Sourced<DistributionName> {
  const path = posix.join(root, 'pyproject.toml');
  const manifest = readToml(files, path);
  const [cfg, script] = [posix.join(root, 'setup.cfg'), posix.join(root, 'setup.py')];
  const named = [
    { name: stringAt(manifest, 'project', 'name'), from: `project in ${path}` },
    { name: stringAt(manifest, 'tool', 'poetry', 'name'), from: `tool.poetry in ${path}` },
    { name: stringAt(manifest, 'tool', 'flit', 'metadata', 'module'), from: `tool.flit.metadata in ${path}` },
    { name: SETUP_CFG_NAME.exec(files.read(cfg) ?? '')?.[1], from: `metadata in ${cfg}` },
    { name: SETUP_PY_NAME.exec(files.read(script) ?? '')?.[1], from: `setup() in ${script}` },
  ];
  for (const { name, from } of named) {
    if (name !== undefined && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) {
      return { value: distributionName(name), from };
    }
  }
  const folder = posix.basename(root === '.' ? 'application' : root).replace(/[^A-Za-z0-9._-]/g, '-');
  return { value: distributionName(folder), from: 'the name of its folder' };
}
