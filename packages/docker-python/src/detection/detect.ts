import { detectDistribution } from './distribution';
import type { FileSource } from './files';
import { detectProcesses, type Needs } from './frameworks';
import { chooseManager, followsPython } from './managers';
import { unknownProjectKeys } from './project-keys';
import { pythonFiles } from './python-source';
import { detectPython } from './python-version';
import { detectSourceRoots } from './source-roots';
import { type DependencyFacts, type DetectionOverrides, type PythonProject } from './types';

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
  const manager = (more: Needs, imagePython = overrides.python?.value): DependencyFacts => {
    const extras = union(overrides.extras, more.extras);
    const groups = union(overrides.groups, more.groups);
    const decided = imagePython === undefined ? {} : { imagePython };
    return chooseManager({ files, root, extras, groups, ...decided }, overrides);
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
  const known = needs ? manager(needs.value) : declared;
  const question = {
    files,
    root,
    extras: union(overrides.extras, needs?.value.extras),
    groups: union(overrides.groups, needs?.value.groups),
  };
  const python = detectPython(question, known, overrides.python);
  const dependencies = followsPython(known) ? manager(needs?.value ?? {}, python.python.value) : known;
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
