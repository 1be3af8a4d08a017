import { composeProjects, removeServices, startServices } from './compose';
import { recordingRunner } from '../testing/recording-engine';

it('starts services, waits for their health, and takes them down with their volumes', async () => {
  const { run, calls } = recordingRunner();
  const services = await startServices(run, 'p1', '/w/compose.yml');
  expect(services.network).toBe('p1_default');
  await services.down();
  expect(calls.map(({ argv }) => argv.join(' '))).toEqual([
    'compose --project-name p1 --file /w/compose.yml up --detach --wait --wait-timeout 120',
    'compose --project-name p1 --file /w/compose.yml down --volumes --timeout 2 --remove-orphans',
  ]);
});

it('finds and removes what is left of projects, without their files', async () => {
  const { run, calls } = recordingRunner({ 'docker network ls': { stdout: 'p1\np2\np1\n' } });
  expect(await composeProjects(run)).toEqual(['p1', 'p2']);
  await removeServices(run, 'p1');
  expect(calls[1]!.argv.join(' ')).toBe(
    'compose --project-name p1 down --volumes --timeout 2 --remove-orphans',
  );
});

it.each([
  ['docker: unknown command: docker compose', 'has no compose', 1],
  ['container p1-db-1 is unhealthy', 'is unhealthy', 2],
])('says why they are not there: %s', async (stderr, words, commands) => {
  const { run, calls } = recordingRunner({ 'docker compose': { exitCode: 1, stderr } });
  await expect(startServices(run, 'p1', '/w/c.yml')).rejects.toMatchObject({
    code: 'COMPOSE_FAILED',
    message: expect.stringContaining(words),
  });
  expect(calls).toHaveLength(commands);
});
