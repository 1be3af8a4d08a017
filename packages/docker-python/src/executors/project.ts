import { sayBeside } from '../engine/words';
import { posix } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { diskFiles } from '../detection/files';
import { DockerPythonError, formatError } from '../errors';
import { designImage, type DesignQuestion, type ImageDesign } from '../pipeline/design-image';
import { readEnvironment, readPluginOptions, type SettingsSource } from '../settings/resolve';
import type { PluginOptions } from '../settings/schema';

/** The project that an executor works on. */
export interface ProjectInQuestion {
  readonly name: string;
  /** Absolute. */
  readonly workspaceRoot: string;
  /** Workspace-relative. */
  readonly root: string;
  /** The one that the options of the plugin name. */
  readonly defaultBranch: string | undefined;
  /** Its image as the sources say, and as this run's options say. */
  readonly design: ImageDesign;
  readonly committedDesign: ImageDesign;
}

/**
 * Reads and validates everything about the project before anything is done.
 *
 * @param options settings given as options of this run
 * @param target stage of the image that this run wants
 * @throws DockerPythonError
 */
export function readProject(
  context: ExecutorContext,
  options: SettingsSource,
  target?: string,
): ProjectInQuestion {
  const { name, question, defaultBranch } = designQuestion(context);
  return {
    name,
    workspaceRoot: context.root,
    root: question.root,
    defaultBranch,
    committedDesign: designImage(question),
    design: designImage({
      ...question,
      overrides: [readEnvironment(process.env), options],
      ...(target === undefined ? {} : { target }),
    }),
  };
}

/**
 * What the design of a project's image is asked with, before environment and options.
 *
 * @param name of the project; default: the one that the executor runs for
 * @throws DockerPythonError PROJECT_UNKNOWN, or for options in nx.json
 */
export function designQuestion(
  context: ExecutorContext,
  name = context.projectName ?? '',
): {
  readonly name: string;
  readonly question: DesignQuestion;
  readonly defaultBranch: string | undefined;
} {
  const projects = context.projectsConfigurations.projects;
  const root = projects[name]?.root;
  if (root === undefined) {
    throw new DockerPythonError({
      code: 'PROJECT_UNKNOWN',
      message: `There is no project ${JSON.stringify(name)} in this workspace.`,
      hint: 'nx show projects lists them.',
    });
  }
  const options = pluginOptions(context);
  const question = {
    files: diskFiles(context.root),
    root: posix.normalize(root),
    otherRoots: Object.values(projects).map((project) => posix.normalize(project.root)),
    createProjects: options.createProjects !== false,
    ...(options.defaults ? { defaults: options.defaults } : {}),
    ...(options.templates === undefined ? {} : { templates: options.templates }),
  };
  return { name, question, defaultBranch: options.defaultBranch };
}

/** Runs an executor's work; what fails is said in our words and makes the task fail, without a stack trace. */
export async function report(work: () => Promise<void>): Promise<{ success: boolean }> {
  try {
    await work();
    return { success: true };
  } catch (error) {
    sayBeside(`\n${formatError(error)}`);
    return { success: false };
  }
}

/**
 * The options of the plugin in nx.json.
 *
 * @throws DockerPythonError INVALID_SETTINGS
 */
export function pluginOptions(context: ExecutorContext): PluginOptions {
  const entry = context.nxJsonConfiguration?.plugins?.find(
    (plugin) => (typeof plugin === 'string' ? plugin : plugin.plugin) === 'docker-python',
  );
  return readPluginOptions(typeof entry === 'object' ? entry.options : undefined);
}
