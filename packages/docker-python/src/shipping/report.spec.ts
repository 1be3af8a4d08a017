import type { PushRecord } from '../record/push-record';
import { readPushRecord, writePushRecord } from '../record/push-record';
import { repository, tag } from '../reference/image-name';
import { ciOutputs } from './ci-output';
import { dryRunLines, pushLine } from './report';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const API = repository('api', 'r.example.com');
const RECORD: PushRecord = {
  version: 1,
  project: '@acme/api',
  contentKey: 'k',
  digest: DIGEST,
  platforms: ['linux/amd64'],
  images: [{ image: API, reference: `${API}@${DIGEST}`, tags: ['ck-k', 'latest', 'v1'] }],
};

it('says what travelled and which tags moved', () => {
  const said = (image: 'present' | 'from the engine', moved: string[]): string =>
    pushLine('api', RECORD, [{ repository: API, image, moved: moved.map(tag) }], 1.25);
  expect(said('from the engine', ['st-1', 'latest', 'v1'])).toBe(
    `api: ${API} · sha256:aaaaaaaaaaaa · pushed · tags set: latest, v1 · 1.3 s`,
  );
  expect(said('present', ['st-1'])).toContain('unchanged: the registry had the image · no tag had to move');
});

it('says what a dry run would do', () => {
  const plan = {
    digest: DIGEST,
    source: API,
    shipments: [{ repository: API, image: 'present' as const, moves: [tag('st-1'), tag('v1')] }],
  };
  const tags = { key: tag('ck-k'), tested: tag('st-1'), moving: [tag('latest'), tag('v1')] };
  expect(dryRunLines('api', plan, tags)).toEqual([
    'api: dry run, nothing is sent',
    `  ${API}: has the image · would set v1 · latest already there`,
  ]);
});

describe('what a CI system is told', () => {
  it('is nothing where none listens', () => expect(ciOutputs(RECORD, { CI: 'true' })).toEqual([]));

  it('is outputs and a summary on GitHub', () => {
    const [output, summary] = ciOutputs(RECORD, { GITHUB_OUTPUT: '/o', GITHUB_STEP_SUMMARY: '/s' });
    expect(output).toEqual({
      path: '/o',
      text: `image-acme-api=${API}@${DIGEST}\ndigest-acme-api=${DIGEST}\ntags-acme-api=latest v1\n`,
    });
    expect(summary!.text).toBe(`- **@acme/api** \`latest\` \`v1\`: \`${API}@${DIGEST}\`\n`);
  });

  it('is a dotenv file on GitLab', () => {
    expect(ciOutputs(RECORD, { GITLAB_CI: 'true' })).toEqual([
      { path: 'dist/docker-python/push.env', text: `IMAGE_ACME_API=${API}@${DIGEST}\n` },
    ]);
  });
});

it('is kept, and read again', () => {
  expect(readPushRecord(writePushRecord(RECORD))).toEqual(RECORD);
  expect([readPushRecord('{'), readPushRecord('{}'), readPushRecord(undefined)]).toEqual(
    Array(3).fill(undefined),
  );
});
