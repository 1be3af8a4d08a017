import { posix } from 'node:path';
import type { FileSource } from './files';
import { detectProcesses } from './frameworks';
import { chooseManager } from './managers';
import { detectPython } from './python-version';
import { detectSourceRoots } from './source-roots';
import { readToml, stringAt } from './toml';
import {
  distributionName,
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
  const question = { files, root, extras: overrides.extras ?? [], groups: overrides.groups ?? [] };
  const dependencies = chooseManager(question, overrides.manager);
  const python = detectPython(question, dependencies, overrides.python);
  const sourceRoots = detectSourceRoots(files, root);
  const found = overrides.command
    ? { processes: { web: commandOf(overrides.command, overrides.port) } }
    : detectProcesses({
        files,
        root,
        sourceRoots,
        requirements: dependencies.requirements,
        ...(overrides.port ? { port: overrides.port.value } : {}),
      });
  return {
    ...dependencies,
    root,
    distribution: detectDistribution(files, root),
    python: python.python,
    sourceRoots,
    ...found,
    findings: [...dependencies.findings, ...python.findings],
  };
}

function commandOf(
  command: NonNullable<DetectionOverrides['command']>,
  port: DetectionOverrides['port'],
): PythonProject['processes'][string] {
  return { value: { command: command.value, ...(port ? { port: port.value } : {}) }, from: command.from };
}

/** The distribution's name where metadata gives one, else the name of the folder. */
export function detectDistribution(files: FileSource, root: string): Sourced<DistributionName> {
  const path = posix.join(root, 'pyproject.toml');
  const manifest = readToml(files, path);
  for (const [table, keys] of Object.entries({
    project: ['project', 'name'],
    'tool.poetry': ['tool', 'poetry', 'name'],
  })) {
    const name = stringAt(manifest, ...keys);
    if (name !== undefined && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) {
      return { value: distributionName(name), from: `${table} in ${path}` };
    }
  }
  const folder = posix.basename(root === '.' ? 'application' : root).replace(/[^A-Za-z0-9._-]/g, '-');
  return { value: distributionName(folder), from: 'the name of its folder' };
}
