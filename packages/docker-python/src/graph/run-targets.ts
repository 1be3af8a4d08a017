import { posix } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import { stringAt, tableAt } from '../detection/toml';
import { rootInOutputs, testRecordPath } from '../record/place';
import { SAMPLE_FILES } from '../smoke/env-samples';
import { TEST_FILES } from '../smoke/test-files';

/**
 * Target of the smoke test. Cached on the image record and on what only the test reads: a change of the project
 * that gives the same image needs no new test.
 *
 * @param build name of the target that builds
 */
export function smokeTestTarget(root: string, build: string, settings: object): TargetConfiguration {
  const tests = [settings, ...Object.values(tableAt(settings, 'processes'))].map((owner) =>
    tableAt(owner, 'smokeTest'),
  );
  const named = tests.flatMap((test) =>
    ['script', 'compose', 'envFile'].flatMap((key) => stringAt(test, key) ?? []),
  );
  const files = [...TEST_FILES, ...SAMPLE_FILES, ...named];
  return {
    executor: 'docker-python:smoke-test',
    dependsOn: [build],
    cache: true,
    inputs: [
      { dependentTasksOutputFiles: '**/image.runtime.json' },
      {
        json: '{projectRoot}/docker-python.json',
        fields: ['smokeTest', 'healthCheck', 'stopTimeout', 'processes', 'writable'],
      },
      ...files.map((file) => `{projectRoot}/${posix.normalize(file)}`),
      ...(root === '.' ? [] : SAMPLE_FILES.map((file) => `{workspaceRoot}/${file}`)),
      { env: 'DOCKER_PYTHON_SMOKE_TEST' },
      // Without it Nx hashes every external package of the workspace into the task.
      { externalDependencies: [] },
    ],
    outputs: [`{workspaceRoot}/${testRecordPath(rootInOutputs(root))}`],
    metadata: {
      description: 'Starts the image the way production would, and says what is wrong with it',
      technologies: ['python', 'container'],
    },
  };
}

/**
 * Target that pushes. Never cached: whether something is in a registry only the registry knows. It does nothing twice.
 *
 * @param build name of the target that builds
 * @param smokeTest name of the target that tests
 */
export function pushTarget(build: string, smokeTest: string): TargetConfiguration {
  return {
    executor: 'docker-python:push',
    dependsOn: [smokeTest, build],
    cache: false,
    metadata: {
      description: 'Sends the tested image to its registries, and sets its tags there',
      technologies: ['python', 'container'],
    },
  };
}

/** Target that runs the image for development, until it is stopped. */
export function runTarget(build: string): TargetConfiguration {
  return {
    executor: 'docker-python:docker-run',
    dependsOn: [build],
    continuous: true,
    // From Nx 24 on, what depends on it waits for this line; older versions do not look at it.
    readyWhen: { logMatches: '{projectName}: ready' },
    metadata: {
      description: 'Runs the image, with its port on this machine, until it is stopped',
      technologies: ['python', 'container'],
    },
  };
}
