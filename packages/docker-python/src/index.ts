import type { CreateNodes } from '@nx/devkit';
import type { PluginOptions } from './settings/schema';

/**
 * The plugin's face. Nx loads this module on every command, so everything else is loaded when it is needed.
 */
export const name = 'docker-python';

/** Gives every project with a docker-python.json its targets. */
export const createNodes: CreateNodes<PluginOptions> = [
  '**/docker-python.json',
  async (files, options, context) => {
    const { createTargets } = await import('./graph/create-targets.js');
    return createTargets(files, options, context);
  },
];
