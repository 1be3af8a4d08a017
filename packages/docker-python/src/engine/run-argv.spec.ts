import type { RunSpec } from './container-types';
import { clientEnvironment, runArgv } from './run-argv';

const rows: [what: string, spec: RunSpec, argv: readonly string[]][] = [
  ['no more than an image', { image: 'api' }, ['run', '--detach', 'api']],
  [
    'a command after the image',
    { image: 'api', command: ['worker', '--verbose'] },
    ['run', '--detach', 'api', 'worker', '--verbose'],
  ],
  [
    'names of variables, sorted, never values',
    { image: 'api', env: { SECRET_KEY: 'hunter2', LOG: 'x' } },
    ['run', '--detach', '--env=LOG', '--env=SECRET_KEY', 'api'],
  ],
  [
    'the value of a variable that the client itself would obey',
    { image: 'api', env: { DOCKER_HOST: 'tcp://x', PATH: '/bin' } },
    ['run', '--detach', '--env=DOCKER_HOST=tcp://x', '--env=PATH=/bin', 'api'],
  ],
  [
    'ports on loopback only, free or fixed',
    { image: 'api', ports: [{ container: 8000 }, { container: 9000, host: 9001 }] },
    ['run', '--detach', '--publish=127.0.0.1::8000', '--publish=127.0.0.1:9001:9000', 'api'],
  ],
  [
    'all of the hardening',
    {
      image: 'api',
      user: '12345:0',
      network: 'n',
      hardening: { readOnlyRoot: true, dropCapabilities: true, noNewPrivileges: true },
      tmpfs: ['/tmp'],
    },
    [
      'run',
      '--detach',
      '--user=12345:0',
      '--network=n',
      '--read-only',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--tmpfs=/tmp:rw,nosuid,nodev,mode=1777',
      'api',
    ],
  ],
  [
    'none of the hardening',
    { image: 'api', hardening: { readOnlyRoot: false, dropCapabilities: false, noNewPrivileges: false } },
    ['run', '--detach', 'api'],
  ],
  [
    'labels, times and limits',
    {
      image: 'api',
      name: 'api-1',
      labels: { b: '2', a: '1' },
      healthCheck: 'none',
      stopTimeoutSeconds: 30,
      memory: '64m',
      cpus: '1.5',
    },
    [
      'run',
      '--detach',
      '--name=api-1',
      '--label=a=1',
      '--label=b=2',
      '--no-healthcheck',
      '--stop-timeout=30',
      '--memory=64m',
      '--memory-swap=64m',
      '--cpus=1.5',
      'api',
    ],
  ],
];

it.each(rows)('runArgv: %s', (_what, spec, argv) => {
  expect(runArgv(spec, '127.0.0.1')).toEqual(argv);
});

it('hands values to the client in its environment, but for those that it would obey', () => {
  expect(
    clientEnvironment({ SECRET_KEY: 'hunter2', DOCKER_HOST: 'tcp://x', https_proxy: 'x', LD_PRELOAD: 'y' }),
  ).toEqual({
    SECRET_KEY: 'hunter2',
  });
});
