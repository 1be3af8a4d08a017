import { ownerLabels, servicesProject, staleContainers, staleServices, type Owner } from './stale';

const me: Owner = { host: 'laptop', pid: 100, now: 10_000, isAlive: (pid) => pid === 200 };
const owned = (id: string, host: string, pid: number, now: number, seconds?: number) => ({
  id,
  labels: ownerLabels({ ...me, host, pid, now }, 'api', seconds),
});

it('takes down what a dead process of this machine has left, and of others only what is long overdue', () => {
  const found = [
    owned('mine', 'laptop', 100, 9_990, 30),
    owned('of a process that runs', 'laptop', 200, 1, 30),
    owned('of one that was killed', 'laptop', 300, 9_990, 30),
    owned('of a docker-run that was killed', 'laptop', 400, 9_990),
    owned('elsewhere, on time', 'ci-1', 300, 9_900, 30),
    owned('elsewhere, overdue', 'ci-1', 300, 1, 30),
    owned('elsewhere, without end', 'ci-1', 300, 1),
    { id: 'not ours', labels: {} },
    { id: 'broken label', labels: { 'dev.docker-python.owner': 'x' } },
  ];
  expect(staleContainers(found, me)).toEqual([
    'of one that was killed',
    'of a docker-run that was killed',
    'elsewhere, overdue',
  ]);
});

it('takes down the services of a dead process of this machine, and no others', () => {
  const of = (host: string, pid: number): string => servicesProject({ host, pid }, 'api');
  expect(of('laptop', 300)).toMatch(/^docker-python-smoke-[0-9a-f]{12}-[0-9a-f]{12}-300$/);
  const found = [
    of('laptop', 100),
    of('laptop', 200),
    of('laptop', 300),
    of('ci-1', 300),
    'shop',
    'docker-python-smoke-300',
    of('laptop', 300).replace('-300', '-x'),
  ];
  expect(staleServices(found, me)).toEqual([of('laptop', 300)]);
});
