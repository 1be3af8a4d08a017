import { posix } from 'node:path';
import type { CreateNodesContext, CreateNodesResult, TargetConfiguration } from '@nx/devkit';
import type { FileSource } from '../detection/files';
import { derivedOnce } from '../detection/managers/parse-cache';
import { valueAt } from '../detection/toml';
import { SETTINGS_FILE } from '../settings/file-name';
import { inferProjects } from '../pipeline/inferred-projects';
import { DEV_TARGET } from '../plan/types';
import { recordPath, rootInOutputs, SHIPPED } from '../record/place';
import { IMAGE_ENVIRONMENT } from '../settings/environment';
import type { PluginOptions } from '../settings/schema';
import { TARGET_NAMES, type TargetKind } from '../settings/targets';
import { artifactsOf, dependency, lenientJson } from './artifacts';
import { baseLockInputs } from './base-lock';
import { buildEnvironmentInputs, withBuildEnv } from './build-environment-inputs';
import { buildInputs, type Inputs } from './build-inputs';
import { beginInference, type Inference } from './inference';
import { auditTarget, pinDepsTarget } from './pin-targets';
import { pushTarget, runTarget, smokeTestTarget } from './run-targets';

/**
 * Targets of every project with settings, and a name for it and for the libraries that it needs where nothing else
 * names them. Starts no process, and never fails for a broken settings file or manifest: the graph stays whole, and the
 * target itself says what is wrong when it runs.
 */
export function createTargets(
  matched: readonly string[],
  options: PluginOptions | undefined,
  context: CreateNodesContext,
): Promise<[string, CreateNodesResult][]> {
  const inference = beginInference(context.workspaceRoot);
  const byFile = inference.cached('nodes', [matched, options], () =>
    projectsByFile(inference, matched, options),
  );
  return Promise.resolve(Object.entries(byFile).map(([path, projects]) => [path, { projects }]));
}

type Projects = NonNullable<CreateNodesResult['projects']>;

/** Projects by the settings file that they follow from. */
function projectsByFile(
  { files, needs }: Inference,
  matched: readonly string[],
  options: PluginOptions = {},
): Readonly<Record<string, Projects>> {
  const settings = matched.filter((path) => posix.basename(path) === SETTINGS_FILE);
  const named = matched.filter((path) => posix.basename(path) !== SETTINGS_FILE);
  const inferred = inferProjects(
    files,
    { settings, named },
    options.createProjects !== false,
    (root) => needs(root).references,
  );
  const byFile = new Map<string, Projects>();
  for (const { root, name, neededBy } of inferred) {
    const file = posix.join(neededBy ?? root, SETTINGS_FILE);
    const targets = neededBy === undefined ? { targets: targetsOf(files, root, options) } : {};
    byFile.set(file, { ...byFile.get(file), [root]: { ...(name ? { name } : {}), root, ...targets } });
  }
  return Object.fromEntries(byFile);
}

type Targets = Readonly<Record<string, TargetConfiguration>>;

/**
 * Projects with the same settings and the same inputs have the same targets, made once, and nobody may change them:
 * `{projectRoot}` stands for what differs. In a workspace of a thousand projects they are nearly all alike.
 */
function targetsOf(files: FileSource, root: string, options: PluginOptions): Targets {
  const text = files.read(posix.join(root, SETTINGS_FILE));
  const settings = { ...options.defaults, ...lenientJson(text) };
  const inputs = inputsOfBuild(files, root, options);
  const alike = derivedOnce(inputs, () => new Map<string, Targets>());
  const key = root === '.' ? '.' : (text ?? '');
  const known = alike.get(key) ?? makeTargets(root, settings, inputs, options);
  alike.set(key, known);
  return known;
}

function makeTargets(root: string, settings: object, inputs: Inputs, options: PluginOptions): Targets {
  const named = (kind: TargetKind): string => options.targets?.[kind] ?? TARGET_NAMES[kind];
  const build = named('build');
  return {
    [build]: buildTarget(root, settings, inputs),
    [named('diagnose')]: diagnoseTarget,
    [named('smokeTest')]: smokeTestTarget(root, build, settings),
    [named('push')]: pushTarget(build, named('smokeTest')),
    [named('run')]: runTarget(build),
    [named('pinDeps')]: pinDepsTarget,
    [named('audit')]: auditTarget,
  };
}

/** Never cached: it is asked for what it prints. */
const diagnoseTarget: TargetConfiguration = {
  executor: 'docker-python:diagnose',
  cache: false,
  metadata: {
    description: 'Says what was detected and decided for the container image, and why',
    technologies: ['python', 'container'],
  },
};

function inputsOfBuild(files: FileSource, root: string, options: PluginOptions): Inputs {
  const own = lenientJson(files.read(posix.join(root, SETTINGS_FILE)));
  const settings = withBuildEnv(options.defaults, own);
  return buildInputs(files, root, settings, [
    ...baseLockInputs(files, root),
    ...Object.keys(IMAGE_ENVIRONMENT).map((env) => ({ env })),
    ...buildEnvironmentInputs(root, settings),
    // Without it a Mac's arm64 image record would be a cache hit on an amd64 machine.
    ...(valueAt(settings, 'platforms') === undefined ? [{ runtime: 'node -p process.arch' }] : []),
    ...artifactsOf(root, settings).flatMap(({ from }) => [
      { dependentTasksOutputFiles: from },
      { dependentTasksOutputFiles: `${from}/**/*` },
    ]),
    // Without it Nx hashes every external package of the workspace into the task.
    { externalDependencies: [] },
  ]);
}

function buildTarget(root: string, settings: object, inputs: Inputs): TargetConfiguration {
  const artifacts = artifactsOf(root, settings);
  return {
    executor: 'docker-python:docker-build',
    cache: true,
    inputs,
    ...(artifacts.length > 0 ? { dependsOn: artifacts.map(({ target }) => dependency(target)) } : {}),
    options: { stage: SHIPPED },
    // For short: nx docker-build api -c dev
    configurations: { [DEV_TARGET]: { stage: DEV_TARGET } },
    outputs: [`{workspaceRoot}/${recordPath(rootInOutputs(root), '{options.stage}')}`],
    syncGenerators: ['docker-python:sync'],
    metadata: {
      description: 'Builds the container image, unless one of exactly these sources exists',
      technologies: ['python', 'container'],
    },
  };
}
