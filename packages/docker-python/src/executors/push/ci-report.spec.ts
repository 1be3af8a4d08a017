import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PushRecord } from '../../record/push-record';
import { tempFolder } from '../../testing/temp-folder';
import { reportToCi } from './ci-report';

const RECORD: PushRecord = {
  version: 1,
  project: '@acme/api',
  contentKey: '1',
  digest: 'sha256:1',
  platforms: ['linux/amd64'],
  images: [{ image: 'r/api', reference: 'r/api@sha256:1', tags: ['ck-1', 'latest'] }],
};

const spy = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
afterEach(() => spy.mockClear());

it('adds to the files of GitHub, which other tasks write as well', () => {
  const folder = tempFolder();
  const [output, summary] = [join(folder, 'out'), join(folder, 'new/summary')];
  const env = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  reportToCi(RECORD, folder, env);
  reportToCi({ ...RECORD, project: 'web' }, folder, env);
  expect(readFileSync(output, 'utf8').split('\n')).toEqual([
    'image-acme-api=r/api@sha256:1',
    'digest-acme-api=sha256:1',
    'tags-acme-api=latest',
    'image-web=r/api@sha256:1',
    'digest-web=sha256:1',
    'tags-web=latest',
    '',
  ]);
  expect(readFileSync(summary, 'utf8').trimEnd().split('\n')).toHaveLength(2);
});

it('writes the variables of GitLab into the workspace', () => {
  const folder = tempFolder();
  reportToCi(RECORD, folder, { GITLAB_CI: 'true' });
  expect(readFileSync(join(folder, 'dist/docker-python/push.env'), 'utf8')).toBe(
    'IMAGE_ACME_API=r/api@sha256:1\n',
  );
});

it('does not fail a push that has happened for a file that cannot be written', () => {
  const folder = tempFolder();
  reportToCi(RECORD, folder, { GITHUB_OUTPUT: folder });
  expect(String(spy.mock.calls[0]![0])).toContain(`${folder} cannot be written`);
});

it('writes nothing where nobody listens', () => {
  reportToCi(RECORD, '/nowhere', {});
  expect(spy).not.toHaveBeenCalled();
});
