import { installPackages, updateAndInstall } from './packages';

it('names users after all packages are installed: one that makes a user needs an id that is free', () => {
  const lines = updateAndInstall('debian', ['tini'], ['redis-server'], ['./hook']);
  const at = (words: string): number => lines.findIndex((line) => line.includes(words));
  const order = ['./hook', 'apt-get upgrade', 'redis-server', '${names', 'rm -rf'].map(at);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
});

it('calls apt once for its lists and once for packages, where nothing but its own is asked for', () => {
  const calls = updateAndInstall('debian', ['tini'], [], []).filter((line) => line.startsWith('apt-get'));
  expect(calls).toEqual([
    'apt-get update -qq',
    'apt-get upgrade -qq -y --no-install-recommends tini ${names:+"$names"}',
  ]);
});

it.each(['debian', 'ubuntu', 'rhel', 'alpine'] as const)(
  'installs nothing where nothing is asked: %s',
  (family) => {
    expect(installPackages(family, [], []).join('\n')).not.toMatch(/ install | add /);
    expect(installPackages(family, ['x-y'], []).join('\n')).toContain('x-y');
  },
);
