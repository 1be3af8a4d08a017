import { publicationOf } from './publication';

const HERE = { on: '127.0.0.1', reachedAt: '127.0.0.1' };

it.each([
  [undefined, HERE],
  ['', HERE],
  ['unix:///var/run/docker.sock', HERE],
  ['npipe:////./pipe/docker_engine', HERE],
  // Through a tunnel: nothing but the engine's own socket is at the other end.
  ['ssh://me@build.example.com', HERE],
  ['tcp://127.0.0.1:2375', HERE],
  ['tcp://localhost:2375', HERE],
  ['tcp://[::1]:2375', HERE],
  ['tcp://docker:2376', { on: '0.0.0.0', reachedAt: 'docker' }],
  ['tcp://10.0.0.7', { on: '0.0.0.0', reachedAt: '10.0.0.7' }],
  ['tcp://[fd00::7]:2376', { on: '0.0.0.0', reachedAt: '[fd00::7]' }],
])('an engine at %s', (DOCKER_HOST, expected) => {
  expect(publicationOf({ DOCKER_HOST })).toEqual(expected);
});
