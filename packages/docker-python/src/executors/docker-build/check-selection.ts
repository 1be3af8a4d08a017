import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { relative } from 'node:path/posix';
import { createProjectFileMapUsingProjectGraph, type ExecutorContext } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { contextMatcher, isBelow } from '../../plan/context';
import type { ContextFile } from '../../reference/content-key';
import type { ProjectInQuestion } from '../project';

/**
 * What is hashed is what is sent: compares the files that Nx hashed for this project with those that the
 * engine will receive.
 *
 * @throws DockerPythonError CONTEXT_MISMATCH that names the first file of one list that the other lacks
 */
export async function checkSelection(
  context: ExecutorContext,
  project: ProjectInQuestion,
  sent: readonly ContextFile[],
): Promise<void> {
  const known = (await createProjectFileMapUsingProjectGraph(context.projectGraph))[project.name] ?? [];
  const selected = contextMatcher(project.design.plan.context);
  const hashed = new Set(known.map(({ file }) => file).filter(selected));
  const own = sent.map(({ path }) => path).filter((path) => isBelow(path, project.root));
  const unhashed = own.find((path) => !hashed.has(path));
  if (unhashed !== undefined) {
    throw new DockerPythonError({
      code: 'CONTEXT_MISMATCH',
      message: `${unhashed} would be sent to the engine, but Nx does not hash it, so a change of it would go unnoticed.${linkNote(context.root, unhashed)}`,
      hint: isLink(context.root, unhashed)
        ? `Put the files themselves in its place, or leave the link out: "exclude": ["${relative(project.root, unhashed)}"] in ${project.root}/docker-python.json, then nx sync. Files that lie elsewhere in the workspace come along with "include".`
        : `It is ignored by git or Nx, or selected only by Dockerfile.dockerignore. Add it to "exclude" in ${project.root}/docker-python.json, or stop ignoring it; then nx sync.`,
    });
  }
  const sentPaths = new Set(own);
  const unsent = [...hashed].find((path) => isBelow(path, project.root) && !sentPaths.has(path));
  if (unsent !== undefined) {
    throw new DockerPythonError({
      code: 'CONTEXT_MISMATCH',
      message: `${unsent} belongs to the image, but Dockerfile.dockerignore keeps it from the engine.`,
      hint: 'A pattern in .gitignore or .nxignore catches a file that git tracks. Remove the pattern or the file; then nx sync.',
    });
  }
}

/** Nx hashes files, and does not follow a link to a folder. */
function linkNote(workspaceRoot: string, path: string): string {
  return isLink(workspaceRoot, path)
    ? ` It is a symbolic link to ${readlinkSync(join(workspaceRoot, path))}, and Nx follows no link to a folder.`
    : '';
}

function isLink(workspaceRoot: string, path: string): boolean {
  return lstatSync(join(workspaceRoot, path)).isSymbolicLink();
}
