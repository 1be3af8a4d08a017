import type { Argv } from './argv';
import { DockerPythonError } from '../errors';
import type { ProcessRunner } from './process';

/** Services of a compose file that stay up for the time of a test. */
export interface Services {
  /** Network on which they are reached by their names. */
  readonly network: string;
  /** Stops and removes them with their volumes. */
  down(): Promise<void>;
}

/** What `up --wait` gives services to become healthy. */
const WAIT_SECONDS = 120;

/** `docker compose` for one project of ours. Source: the reference of that command, Compose 2.1 and later. */
export function composeArgv(project: string, file: string, ...command: readonly string[]): Argv {
  return ['compose', '--project-name', project, '--file', file, ...command];
}

/** Label that Compose gives to all that it makes. Source: the Compose implementation, pkg/api/labels.go. */
const PROJECT_LABEL = 'com.docker.compose.project';

/** Projects of which a network is there: it is the first thing that `up` makes and the last that `down` removes. */
export async function composeProjects(start: ProcessRunner): Promise<readonly string[]> {
  const { stdout } = await start(
    'docker',
    ['network', 'ls', `--filter=label=${PROJECT_LABEL}`, `--format={{.Label "${PROJECT_LABEL}"}}`],
    { output: 'capture' },
  );
  return [...new Set(stdout.split('\n').filter(Boolean))];
}

/** Removes what is left of a project whose file may be gone. */
export async function removeServices(start: ProcessRunner, project: string): Promise<void> {
  await start('docker', ['compose', '--project-name', project, ...DOWN], { output: 'capture' });
}

const DOWN = ['down', '--volumes', '--timeout', '2', '--remove-orphans'];

/**
 * Starts the services of a compose file and waits until they are healthy.
 *
 * @param project a name that nobody else uses
 * @param file absolute path
 * @throws DockerPythonError COMPOSE_FAILED; nothing is left behind then
 */
export async function startServices(start: ProcessRunner, project: string, file: string): Promise<Services> {
  const down = async (): Promise<void> => {
    await start('docker', composeArgv(project, file, ...DOWN), {
      output: 'capture',
    });
  };
  const up = await start(
    'docker',
    composeArgv(project, file, 'up', '--detach', '--wait', '--wait-timeout', String(WAIT_SECONDS)),
    {
      output: 'capture',
    },
  );
  if (up.exitCode === 0) return { network: `${project}_default`, down };
  const words = `${up.stderr}\n${up.stdout}`.trim();
  if (
    /unknown command: docker compose|'compose' is not a docker command|unknown shorthand flag/i.test(words)
  ) {
    throw new DockerPythonError({
      code: 'COMPOSE_FAILED',
      message: 'The docker client has no compose.',
      hint: 'Install the package docker-compose-plugin (Docker) or docker-compose (Debian 13), then try "docker compose version".',
    });
  }
  await down();
  throw new DockerPythonError({
    code: 'COMPOSE_FAILED',
    message: `The services of ${file} did not come up:\n${words.split('\n').slice(-15).join('\n')}`,
    hint: 'Try it by itself: docker compose --file <that file> up. A service without a health check counts as up when it runs.',
  });
}
