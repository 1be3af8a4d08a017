import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { relative } from 'node:path/posix';
import type { ExecutorContext, ProjectGraph } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { contextMatcher } from '../../plan/context';
import { isBelow } from '../../plan/paths';
import type { ContextFile } from '../../reference/content-key';
import type { Settings } from '../../settings/schema';
import type { ProjectInQuestion } from '../project';

/**
 * What is hashed is what is sent: compares the files of the project and of its libraries that Nx hashes with those
 * that the engine will receive. Artifacts are hashed as outputs of their targets, so they only have to be there.
 *
 * @throws DockerPythonError CONTEXT_MISMATCH that names the first file of one list that the other lacks;
 *   ARTIFACT_MISSING
 */
export async function checkSelection(
  context: ExecutorContext,
  project: ProjectInQuestion,
  sent: readonly ContextFile[],
): Promise<void> {
  const known = await hashedFiles(context.projectGraph);
  const { plan, settings } = project.design;
  checkArtifacts(settings.settings.artifacts ?? [], plan.context.artifacts, sent);
  const made = (path: string): boolean => plan.context.artifacts.some((from) => isBelow(path, from));
  const trees = [project.root, ...librariesOf(project)].filter((tree) =>
    known.some((path) => isBelow(path, tree)),
  );
  const compared = (path: string): boolean => !made(path) && trees.some((tree) => isBelow(path, tree));
  const selected = contextMatcher(plan.context);
  const hashed = new Set(known.filter((path) => compared(path) && selected(path)));
  const own = sent.map(({ path }) => path).filter(compared);
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
  const unsent = [...hashed].find((path) => !sentPaths.has(path));
  if (unsent !== undefined) {
    throw new DockerPythonError({
      code: 'CONTEXT_MISMATCH',
      message: `${unsent} belongs to the image, but Dockerfile.dockerignore keeps it from the engine.`,
      hint: 'A pattern in .gitignore or .nxignore catches a file that git tracks. Remove the pattern or the file; then nx sync.',
    });
  }
}

const filesOfGraphs = new WeakMap<ProjectGraph, Promise<readonly string[]>>();

/** Workspace-relative files of all projects, once for all tasks of a batch. */
function hashedFiles(graph: ProjectGraph): Promise<readonly string[]> {
  const found = filesOfGraphs.get(graph) ?? readHashedFiles(graph);
  filesOfGraphs.set(graph, found);
  return found;
}

async function readHashedFiles(graph: ProjectGraph): Promise<readonly string[]> {
  // Loaded here, since whatever finds its image needs none of it.
  const { createProjectFileMapUsingProjectGraph } = await import('@nx/devkit');
  const map = await createProjectFileMapUsingProjectGraph(graph);
  return Object.values(map).flatMap((files) => files.map(({ file }) => file));
}

/** Workspace-relative folders of the libraries in the image. */
function librariesOf({ design }: ProjectInQuestion): readonly string[] {
  return design.plan.stages.flatMap((stage) =>
    stage.name === 'libraries' ? stage.libraries.map(({ root }) => root) : [],
  );
}

/** @throws DockerPythonError ARTIFACT_MISSING */
function checkArtifacts(
  settings: NonNullable<Settings['artifacts']>,
  paths: readonly string[],
  sent: readonly ContextFile[],
): void {
  const at = paths.findIndex((from) => !sent.some(({ path }) => isBelow(path, from)));
  if (at === -1) return;
  const { target } = settings[at]!;
  throw new DockerPythonError({
    code: 'ARTIFACT_MISSING',
    message: `There is no ${paths[at]}, although the target ${target} should have made it.`,
    hint: `Run "nx run ${target.includes(':') ? target : `<project>:${target}`}" and see what it writes; "outputs" of that target must name the folder, so that Nx restores it.`,
  });
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
