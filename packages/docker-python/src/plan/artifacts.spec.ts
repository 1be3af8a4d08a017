import { failureOf } from '../testing/failures';
import { planArtifacts } from './artifacts';

const plan = (from: string, to?: string): object =>
  planArtifacts(
    [{ target: 'web:build', from, ...(to === undefined ? {} : { to }) }],
    ['apps/api', 'libs/proto'],
  )[0]!;

it.each([
  ['dist/web', 'static/web', 'dist/web', '/app/apps/api/static/web'],
  ['./dist/web/', 'static', 'dist/web', '/app/apps/api/static'],
  ['{workspaceRoot}/dist/web', 'a/../b', 'dist/web', '/app/apps/api/b'],
  ['{projectRoot}/gen', undefined, 'apps/api/gen', '/app/apps/api/gen'],
  ['libs/proto/gen', undefined, 'libs/proto/gen', '/app/libs/proto/gen'],
])('%s at %s', (written, to, from, place) => {
  expect(plan(written, to)).toEqual({ target: 'web:build', from, place });
});

it.each([
  ['../elsewhere', 'static', 'artifacts.from'],
  ['.', 'static', 'artifacts.from'],
  ['/etc', 'static', 'artifacts.from'],
  ['dist/web', '../other', 'artifacts.to'],
  ['dist/web', '{workspaceRoot}/x', 'artifacts.to'],
  ['dist/web', '.', 'artifacts.to'],
  ['dist/web', undefined, 'nothing says where it belongs'],
  ['apps/api', undefined, 'nothing says where it belongs'],
])('%s at %s is refused', (from, to, message) => {
  expect(failureOf(() => plan(from, to))).toMatchObject({
    code: 'INVALID_SETTINGS',
    message: expect.stringContaining(message) as string,
  });
});
