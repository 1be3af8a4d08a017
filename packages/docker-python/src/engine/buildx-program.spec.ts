import { buildxProgram, THROUGH_DOCKER } from './buildx-program';
import type { ProcessRunner } from './process';

const answering =
  (stdout: string): ProcessRunner =>
  () =>
    Promise.resolve({ exitCode: 0, stdout, stderr: '' });

test.each([
  [
    'the plugin itself',
    '[{"Name":"compose","Path":"/p/compose"},{"Name":"buildx","Path":"/p/buildx"}]',
    ['/p/buildx'],
  ],
  ['through the client: another plugin alone', '[{"Name":"compose","Path":"/p/compose"}]', THROUGH_DOCKER],
  ['through the client: no path', '[{"Name":"buildx"}]', THROUGH_DOCKER],
  ['through the client: no plugins', 'null', THROUGH_DOCKER],
  ['through the client: no JSON', 'template: no field', THROUGH_DOCKER],
  ['through the client: no answer', '', THROUGH_DOCKER],
])('buildx is called %s', async (_, stdout, expected) => {
  expect(await buildxProgram(answering(stdout))).toEqual(expected);
});
