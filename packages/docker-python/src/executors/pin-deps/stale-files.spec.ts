import { followLine } from './stale-files';

test.each([
  [['a/Dockerfile'], 'a: a/Dockerfile follows from the pins: run "npx nx sync"'],
  [
    ['a/Dockerfile', 'a/Dockerfile.dockerignore'],
    'a: a/Dockerfile and a/Dockerfile.dockerignore follow from the pins: run "npx nx sync"',
  ],
])('%j', (paths, line) => {
  expect(followLine('a', paths)).toBe(line);
});
