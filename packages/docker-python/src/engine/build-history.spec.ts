import { recordingRunner, type Answers } from '../testing/recording-engine';
import { outputOfFailed } from './build-history';

const REQUEST = { dockerfile: '/w/apps/api/Dockerfile', target: 'runtime' };
const listed = (ref: string, created: string): string =>
  JSON.stringify({ ref: `default/default/${ref}`, created_at: created });
const inspected = (dockerfile: string, target: string): string =>
  JSON.stringify(
    {
      Dockerfile: dockerfile,
      Target: target,
      Error: { Sources: Buffer.from('Dockerfile:3\n').toString('base64') },
    },
    null,
    2,
  );

const ANSWERS: Answers = {
  'docker buildx history ls': {
    stdout: ['theirs', 'dev', 'ours', 'older']
      .map((ref) => listed(ref, '2026-01-01T00:00:10Z'))
      .concat(listed('old', '2025-01-01T00:00:00Z'))
      .join('\n'),
  },
  'docker buildx history inspect --format=json theirs': {
    stdout: inspected('apps/web/Dockerfile', 'runtime'),
  },
  'docker buildx history inspect --format=json dev': { stdout: inspected('apps/api/Dockerfile', 'dev') },
  'docker buildx history inspect --format=json ours': { stdout: inspected('apps/api/Dockerfile', 'runtime') },
  'docker buildx history logs --progress=plain ours': { stderr: '#1 said' },
};
const since = Date.parse('2026-01-01T00:00:00Z');

it('the output of a failed build is asked of the builder: that of this Dockerfile and stage', async () => {
  const { run, calls } = recordingRunner(ANSWERS);
  expect(await outputOfFailed(run, REQUEST, since)).toContain('#1 said\nDockerfile:3\n');
  expect(calls.map(({ argv }) => argv.at(-1))).toEqual(['--format=json', 'theirs', 'dev', 'ours', 'ours']);
});

it.each<[string, Answers]>([
  ['a client without a history', { 'docker buildx history': { exitCode: 1, stderr: 'unknown command' } }],
  ['a builder without records', { 'docker buildx history ls': { stdout: '' } }],
  [
    'records before this build',
    { 'docker buildx history ls': { stdout: listed('old', '2025-01-01T00:00:00Z') } },
  ],
])('is unknown with %s', async (_, answers) => {
  const { run } = recordingRunner(answers);
  expect(await outputOfFailed(run, REQUEST, since)).toBe('');
});
