import { pushTarget, runTarget, smokeTestTarget } from './run-targets';

it('tests again only for another image, or for settings and files of the test itself', () => {
  const settings = {
    smokeTest: { compose: 'docker/services.yml', envFile: '.env.test' },
    processes: {
      web: ['x'],
      worker: { command: 'y', smokeTest: { compose: 'docker/broker.yml' } },
      other: { command: 'z', smokeTest: false },
    },
  };
  const { inputs, dependsOn, cache } = smokeTestTarget('apps/api', 'image', settings);
  expect({ dependsOn, cache }).toEqual({ dependsOn: ['image'], cache: true });
  expect(inputs).toEqual(
    expect.arrayContaining<unknown>([
      { dependentTasksOutputFiles: '**/image.runtime.json' },
      {
        json: '{projectRoot}/docker-python.json',
        fields: expect.arrayContaining<string>(['smokeTest']) as string[],
      },
      '{projectRoot}/docker/smoke-test.sh',
      '{projectRoot}/docker/smoke-test.compose.yml',
      '{projectRoot}/docker/services.yml',
      '{projectRoot}/docker/broker.yml',
      '{projectRoot}/.env.test',
      '{projectRoot}/.env.example',
      { env: 'DOCKER_PYTHON_SMOKE_TEST' },
      { externalDependencies: [] },
    ]),
  );
  expect(inputs).not.toContain('{projectRoot}/**/*');
});

it.each([{ smokeTest: false }, { smokeTest: null }, { smokeTest: [1] }, {}])(
  'survives the settings %j',
  (settings) => {
    expect(smokeTestTarget('.', 'docker-build', settings).inputs).toContain(
      '{projectRoot}/docker/smoke-test.sh',
    );
  },
);

it('runs until it is stopped, and says when it is ready', () => {
  expect(runTarget('image')).toMatchObject({
    dependsOn: ['image'],
    continuous: true,
    readyWhen: { logMatches: '{projectName}: ready' },
  });
});

it('pushes what was built and tested, and asks the registry anew each time', () => {
  const target = pushTarget('image', 'proof');
  expect(target).toMatchObject({
    executor: 'docker-python:push',
    dependsOn: ['proof', 'image'],
    cache: false,
  });
  // `nx release` takes a project for one of @nx/docker by this word.
  expect((target.metadata as { technologies: string[] }).technologies).not.toContain('docker');
  expect([target.inputs, target.outputs]).toEqual([undefined, undefined]);
});
