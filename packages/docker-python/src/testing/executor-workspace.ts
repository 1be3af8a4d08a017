import type { ExecutorContext } from '@nx/devkit';
import { readProject, type ProjectInQuestion } from '../executors/project';
import type { Settings } from '../settings/schema';
import { below, designOf, FLASK } from './projects';
import { tempFolder, writeFiles } from './temp-folder';

/** A workspace on disk that setup has been through, with the project `apps/api`, as an executor sees it. */
export interface ExecutorWorkspace {
  readonly root: string;
  readonly context: ExecutorContext;
  /** The project, with settings of one run. */
  readonly read: (options?: Settings) => ProjectInQuestion;
}

/** @param settings those of its `docker-python.json` */
export function executorWorkspace(settings: Settings = {}): ExecutorWorkspace {
  const root = tempFolder();
  const files = below('apps/api', {
    ...FLASK,
    'docker-python.json': JSON.stringify({ version: 1, ...settings }),
  });
  writeFiles(root, {
    ...files,
    ...Object.fromEntries(designOf(files).managed.map(({ path, text }) => [path, text])),
  });
  const context = {
    root,
    cwd: root,
    isVerbose: false,
    projectName: 'api',
    projectsConfigurations: { version: 2, projects: { api: { root: 'apps/api' } } },
    nxJsonConfiguration: {},
    projectGraph: { nodes: {}, dependencies: {} },
  } as ExecutorContext;
  return {
    root,
    context,
    read: (options = {}) => readProject(context, { from: 'the options of this run', settings: options }),
  };
}
