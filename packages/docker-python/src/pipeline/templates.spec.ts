import { ownership } from '../render/managed';
import { failureOf } from '../testing/failures';
import { below, designOf, FLASK } from '../testing/projects';
import { STAGE_NAMES } from '../plan/types';

const FOLDER = 'tools/docker-python';
const dockerfileWith = (templates: Record<string, string>): string =>
  designOf({ ...below('apps/api', FLASK), ...below(FOLDER, templates) }, 'apps/api', { templates: FOLDER })
    .managed[0].text;
const plain = designOf(below('apps/api', FLASK)).managed[0].text;

it('a template stands for its stage, and marks are filled in', () => {
  const text = dockerfileWith({
    'runtime.Dockerfile':
      '# ours\r\n{default}\r\nLABEL python="{python}" base={base} of=${HOME}{unknown} in={workdir}\r\nUSER {user}\r\n',
    'README.md': 'For people.',
  });
  expect(ownership(text)).toBe('managed');
  expect(text).toContain('\n# ours\nFROM base AS runtime\n');
  expect(text).toContain(
    'LABEL python="3.13" base=python:3.13-slim-trixie of=${HOME}{unknown} in=/app/apps/api\nUSER 10001:0\n',
  );
  const stages = (of: string): string => of.split('# What is shipped.')[0]!.split('\n').slice(1).join('\n');
  expect(stages(text)).toBe(stages(plain));
});

it('a template without the default is the whole stage', () => {
  const text = dockerfileWith({ 'stdlib.Dockerfile': 'FROM base AS stdlib\nRUN mkdir /out\n' });
  expect(text).toContain('\nFROM base AS stdlib\nRUN mkdir /out\n\n#');
  expect(text).not.toContain('get_path("stdlib")');
});

it("gunicorn's configuration comes from a template", () => {
  const files = { ...below('apps/api', FLASK), [`${FOLDER}/gunicorn.conf.py`]: 'threads = 9\n' };
  expect(designOf(files, 'apps/api', { templates: FOLDER }).seeds).toEqual([
    { path: 'apps/api/docker/gunicorn.conf.py', text: 'threads = 9\n' },
  ]);
});

it.each([
  [
    { 'bulder.Dockerfile': '{default}' },
    'UNKNOWN_SETTING',
    /bulder\.Dockerfile/,
    /Did you mean builder\.Dockerfile/,
  ],
  [{ 'base.Dockerfile': 'RUN echo' }, 'INVALID_SETTINGS', /base\.Dockerfile/, /FROM \.\.\. AS base/],
  [{ 'base.Dockerfile': '{default}\n{default}' }, 'INVALID_SETTINGS', /base\.Dockerfile/, /\{default\}/],
  [{ 'README.md': '' }, 'INVALID_SETTINGS', /no templates/, /base\.Dockerfile|known-hosts/],
])('%j is refused', (templates, code, message, hint) => {
  expect(failureOf(() => dockerfileWith(templates))).toMatchObject({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

it('every stage of a plan can have one', () => {
  const { plan } = designOf(below('apps/api', FLASK));
  expect(plan.stages.map(({ name }) => name).filter((name) => !STAGE_NAMES.includes(name))).toEqual([]);
});
