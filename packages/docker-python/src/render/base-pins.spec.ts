import { below, designOf, FLASK } from '../testing/projects';
import { writeBaseLock } from '../settings/base-lock';
import { withPins } from './base-pins';

const BASE = 'python:3.13-slim-trixie';
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const lock = (digit: string, packages: string): Record<string, string> => ({
  'docker-python.lock.json': writeBaseLock([{ image: BASE, digest: digest(digit), packages }]),
});
const api = below('apps/api', FLASK);
const dockerfile = (files: Record<string, string>): string => designOf(files).managed[0].text;

describe('the Dockerfile of a locked base', () => {
  it('names its digest and the day of its packages, in the base stage alone', () => {
    const text = dockerfile({ ...api, ...lock('a', '2026-11-25') });
    expect(text).toContain(`FROM ${BASE}@${digest('a')} AS base\n`);
    expect(text.match(/^# System packages of python:3\.13-slim-trixie as of 2026-11-25\.$/gm)).toHaveLength(
      1,
    );
    const stage = /^FROM \S+ AS base$[\s\S]*?^EOF$/m.exec(text)![0];
    expect(stage).toContain('as of 2026-11-25');
  });

  it('is another one after a renewal, in nothing but the two', () => {
    const before = dockerfile({ ...api, ...lock('a', '2026-11-25') });
    const after = dockerfile({ ...api, ...lock('b', '2026-12-02') });
    const body = (text: string): string => text.replace(/^.*\n/, '');
    expect(body(withPins(before, [{ reference: BASE, digest: digest('b'), packages: '2026-12-02' }]))).toBe(
      body(after),
    );
  });

  it('is the plain tag without a lock, and for a base that the lock does not have', () => {
    const bare = dockerfile(api);
    expect(bare).toContain(`FROM ${BASE} AS base\n`);
    expect(bare).not.toContain('System packages of');
    const files = { ...api, ...lock('a', '2026-11-25'), 'apps/api/.python-version': '3.12\n' };
    expect(dockerfile(files)).toContain('FROM python:3.12-slim-trixie AS base\n');
    expect(designOf(files).findings).toContainEqual(expect.objectContaining({ code: 'base-not-locked' }));
    expect(designOf(api).findings).not.toContainEqual(expect.objectContaining({ code: 'base-not-locked' }));
  });

  it('pins the image that lends a static tini, too', () => {
    const files = {
      ...api,
      ...lock('a', '2026-11-25'),
      'apps/api/docker-python.json': '{ "version": 1, "base": "rockylinux:9" }',
    };
    expect(dockerfile(files)).toMatch(
      new RegExp(`^FROM ${BASE}@${digest('a')} AS tini\n[\\s\\S]*?as of 2026-11-25`, 'm'),
    );
  });
});

describe('pins in a file that somebody edited', () => {
  const pins = [{ reference: BASE, digest: digest('b'), packages: '2026-12-02' }];

  it.each([
    [`FROM ${BASE}@${digest('a')} AS base`, `FROM ${BASE}@${digest('b')} AS base`],
    [
      `from --platform=linux/amd64 ${BASE}@${digest('a')}`,
      `from --platform=linux/amd64 ${BASE}@${digest('b')}`,
    ],
    [`# System packages of ${BASE} as of 2026-11-25.`, `# System packages of ${BASE} as of 2026-12-02.`],
  ])('%s', (before, after) => {
    expect(withPins(`a\n${before}\nb\n`, pins)).toBe(`a\n${after}\nb\n`);
  });

  it.each([
    `FROM ${BASE} AS base`,
    `FROM x/${BASE}@${digest('a')}`,
    `FROM python:3x13-slim-trixie@${digest('a')}`,
    `RUN echo "FROM ${BASE}@${digest('a')}"`,
  ])('%s stays', (line) => {
    expect(withPins(line, pins)).toBe(line);
  });
});
