import type { CreateDependencies, CreateNodes } from '@nx/devkit';
import type { PluginOptions } from './settings/schema';

/**
 * The plugin's face. Nx loads this module on every command, so everything else is loaded when it is needed.
 */
export const name = 'docker-python';

/**
 * Gives every project with a docker-python.json its targets, and the libraries that it needs a name.
 *
 * When a file that this pattern matches is deleted, Nx takes all projects for affected. So no manifest is in it:
 * libraries are found by following the manifests. The other two names are there to know which names are taken; Nx
 * itself looks for them already, so that they cost nothing.
 */
export const createNodes: CreateNodes<PluginOptions> = [
  '**/{docker-python,project,package}.json',
  async (files, options, context) => {
    if (!files.some((file) => file.endsWith('docker-python.json'))) return [];
    const { createTargets } = await import('./graph/create-targets.js');
    return createTargets(files, options, context);
  },
];

/** Tells Nx which Python projects need which, as their manifests say. */
export const createDependencies: CreateDependencies<PluginOptions> = async (_options, context) => {
  const { createEdges } = await import('./graph/create-dependencies.js');
  return createEdges(context);
};
