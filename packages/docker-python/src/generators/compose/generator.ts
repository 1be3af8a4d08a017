import { posix } from 'node:path';
import { getProjects, type Tree } from '@nx/devkit';
import { joinInside } from '../../detection/files';
import { DockerPythonError } from '../../errors';
import { designImage, type ImageDesign } from '../../pipeline/design-image';
import type { PlannedProcess } from '../../plan/processes';
import { imageNameOf, repositories } from '../../reference/image-name';
import { renderCompose, type ComposeService } from '../../render/compose';
import { ownership } from '../../render/managed';
import { shellLine } from '../../render/shell';
import { explained } from '../fail';
import { atLeastOneDockerized, designQuestion, findProject, type NamedRoot } from '../workspace';

export interface ComposeOptions {
  readonly projects?: readonly string[];
  readonly file?: string;
  readonly overwrite?: boolean;
}

/** Writes a compose file for the images of the workspace: health checks, hardening, dependencies between services. */
export default function compose(tree: Tree, options: ComposeOptions): Promise<void> {
  return explained(() => {
    const { projects: wanted = [], file = 'compose.yaml', overwrite = false } = options;
    const path = joinInside(file);
    if (path === undefined || path === '.') throw outside(file);
    const present = tree.read(path, 'utf-8');
    if (present !== null && ownership(present) !== 'managed' && !overwrite) throw exists(path);
    const projects =
      wanted.length > 0 ? wanted.map((name) => findProject(tree, name)) : atLeastOneDockerized(tree);
    const services = servicesOf(tree, projects, posix.dirname(path));
    tree.write(path, renderCompose(services, commandFor(wanted, path)));
  });
}

/** What writes the same file again; it stands in one line of a comment. */
function commandFor(projects: readonly string[], file: string): string {
  const plain = ['nx', 'g', 'docker-python:compose'];
  const command = shellLine([
    ...plain,
    ...projects.map((project) => `--projects=${project}`),
    ...(file === 'compose.yaml' ? [] : [`--file=${file}`]),
  ]);
  return /[\r\n]/.test(command) ? plain.join(' ') : command;
}

interface Designed extends NamedRoot {
  readonly design: ImageDesign;
  readonly processes: readonly PlannedProcess[];
  readonly writable: readonly string[];
}

/** Names that run once: they are for `docker compose run`, not for `up`. */
const ONE_SHOT = /^(release|migrate|postdeploy|setup|init|job|cron)$/;

function servicesOf(tree: Tree, projects: readonly NamedRoot[], folder: string): readonly ComposeService[] {
  const designed = projects.map((project): Designed => {
    const design = designImage(designQuestion(tree, project));
    const stage = design.plan.stages.find(({ name }) => name === 'processes');
    const { processes, writable } = stage?.name === 'processes' ? stage : { processes: [], writable: [] };
    return { ...project, design, processes, writable };
  });
  const ports = hostPorts();
  return designed.flatMap((project) =>
    project.processes
      .filter(({ name }, i) => i === 0 || !ONE_SHOT.test(name))
      .map((process) => serviceOf(tree, designed, project, process, folder, ports)),
  );
}

function serviceOf(
  tree: Tree,
  all: readonly Designed[],
  project: Designed,
  process: PlannedProcess,
  folder: string,
  hostPort: (wanted: number) => number,
): ComposeService {
  const { settings } = project.design.settings;
  const first = process === project.processes[0];
  const grace = settings.stopTimeout;
  const dependencies = getProjects(tree).get(project.name)?.implicitDependencies ?? [];
  return {
    name: first ? serviceName(project.name) : `${serviceName(project.name)}-${process.name}`,
    image: `${repositories(settings.image ?? imageNameOf(project.name), settings.registry)[0]}:latest`,
    ...(first ? {} : { command: [process.launcher] }),
    ...(process.port === undefined
      ? {}
      : { port: { host: hostPort(process.port), container: process.port } }),
    writable: project.writable,
    volume: serviceName(project.name),
    dependsOn: all
      .filter(({ name }) => dependencies.includes(name))
      .map(({ name, processes }) => ({
        service: serviceName(name),
        healthy: processes[0]?.health !== undefined,
      })),
    envFile: posix.join('.', posix.relative(folder, posix.join(project.root, '.env'))),
    ...(grace === undefined ? {} : { stopGracePeriod: grace }),
  };
}

/** Two services may serve the same port; this machine has it once. */
function hostPorts(): (wanted: number) => number {
  const taken = new Set<number>();
  return (wanted) => {
    let port = wanted;
    while (taken.has(port)) port++;
    taken.add(port);
    return port;
  };
}

/** Source: the Compose Specification: service names are `[a-zA-Z0-9._-]+`. */
function serviceName(project: string): string {
  return imageNameOf(project).replaceAll('/', '-');
}

function exists(path: string): DockerPythonError {
  return new DockerPythonError({
    code: 'FILE_EXISTS',
    message: `${path} exists and is not as docker-python wrote it.`,
    hint: 'Nothing was changed. Give another --file, for instance compose.services.yaml, and include it; or --overwrite.',
  });
}

function outside(file: string): DockerPythonError {
  return new DockerPythonError({
    code: 'OUTSIDE_WORKSPACE',
    message: `${JSON.stringify(file)} is not a file of the workspace.`,
    hint: 'Give a path relative to the workspace, such as compose.yaml.',
  });
}
