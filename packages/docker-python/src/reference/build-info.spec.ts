import { below, designOf, FLASK } from '../testing/projects';
import { buildInfo, BUILD_INFO } from './build-info';

const dockerfileWith = (settings: object): string =>
  designOf(below('apps/api', { ...FLASK, 'docker-python.json': JSON.stringify({ version: 1, ...settings }) }))
    .managed[0].text;

it('build information is asked for by the last lines of the image, so that no layer depends on it', () => {
  expect(dockerfileWith({ buildInfo: true }).trimEnd().split('\n').slice(-2)).toEqual([
    `ARG ${BUILD_INFO}="{}"`,
    `ENV ${BUILD_INFO}="$${BUILD_INFO}"`,
  ]);
  expect(dockerfileWith({})).not.toContain(BUILD_INFO);
});

it('is one line of JSON without what is unknown, and without a time', () => {
  expect(buildInfo({ title: 'api', base: 'python:3.13', revision: 'abc' })).toBe(
    '{"title":"api","revision":"abc"}',
  );
});
