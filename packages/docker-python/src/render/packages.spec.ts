import { installPackages, updateAndInstall } from './packages';

it('names users after all packages are installed: one that makes a user needs an id that is free', () => {
  const lines = updateAndInstall('debian', ['redis-server'], ['./hook']);
  const at = (words: string): number => lines.findIndex((line) => line.includes(words));
  const order = ['./hook', 'apt-get upgrade', 'redis-server', 'libnss-unknown', 'rm -rf'].map(at);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
});

it.each(['debian', 'ubuntu', 'rhel', 'alpine'] as const)(
  'installs nothing where nothing is asked: %s',
  (family) => {
    expect(installPackages(family, [], []).join('\n')).not.toMatch(/ install | add /);
    expect(installPackages(family, ['x-y'], []).join('\n')).toContain('x-y');
  },
);
