import type { Container, ContainerState, ImageConfig, RunSpec } from '../engine/types';
import type { PlannedProcess } from '../plan/processes';
import type { Settings } from '../settings/schema';
import { smokeTest } from './attempts';
import { runSmokeTest, type SmokeQuestion } from './run-smoke-test';
import { failure, passedLine } from './report';
import { smokeSettings, smokeSpec, testedProcesses } from './spec';

const RUNNING: ContainerState = {
  running: true,
  exitCode: 0,
  oomKilled: false,
  error: '',
};
const IMAGE: ImageConfig = {
  user: '10001:0',
  entrypoint: [],
  command: [],
  env: {},
  labels: {},
  ports: [],
  stopSignal: 'SIGTERM',
  healthCheck: ['CMD', 'x'],
  healthTimeoutMs: 5000,
};
const planned = (process: Omit<PlannedProcess, 'launcher'>): PlannedProcess => ({
  ...process,
  launcher: process.name,
});
const worker = planned({ name: 'worker', command: ['celery', '-A', 'a', 'worker'] });
const web = planned({ name: 'web', command: ['gunicorn'], port: 8000 });

/** An engine whose containers do what the tables say, one row a start. */
function engineWith(...starts: { logs?: string; states: ContainerState[]; exitCodes?: number[] }[]) {
  const [runs, removed, execs]: [RunSpec[], number[], unknown[]] = [[], [], []];
  const engine: SmokeQuestion['engine'] = {
    list: () => Promise.resolve([]),
    removeAll: () => Promise.resolve(),
    run(spec) {
      const { logs = '', states, exitCodes = [0] } = starts[runs.push(spec) - 1]!;
      let asked = 0;
      const container = {
        id: 'c',
        addresses: {},
        state: () => Promise.resolve(states[Math.min(asked++, states.length - 1)]!),
        logs: () => Promise.resolve(logs),
        exec(argv: unknown) {
          const exitCode = exitCodes[Math.min(execs.push(argv), exitCodes.length) - 1]!;
          return Promise.resolve({ exitCode, stdout: exitCode === 0 ? '' : 'refused', stderr: '' });
        },
        stop: () => Promise.resolve(void states.push({ ...RUNNING, running: false, exitCode: 143 })),
        remove: () => Promise.resolve(void removed.push(1)),
      };
      return Promise.resolve(container as unknown as Container);
    },
  };
  return { engine, runs, removed, execs };
}

function question(
  engine: SmokeQuestion['engine'],
  process = worker,
  chosen = {},
  image = IMAGE,
): SmokeQuestion {
  const spec = smokeSpec(process, [web, worker], { stayUp: '1ms', ...chosen }, {}, ['/app/media'], {});
  return { engine, reference: 'api:ck', image, spec, labels: { l: '1' }, pause: () => Promise.resolve() };
}

describe('a smoke test', () => {
  it('starts the process hardened, and removes the container', async () => {
    const { engine, runs, removed } = engineWith({ states: [RUNNING] });
    const asked = question(engine);
    const attempt = await smokeTest(asked, []);
    expect(failure(asked.spec, attempt)).toBeUndefined();
    expect(runs).toEqual([
      {
        image: 'api:ck',
        command: ['worker'],
        env: {},
        labels: { l: '1' },
        ports: [],
        user: '54321:0',
        hardening: { readOnlyRoot: true, dropCapabilities: true, noNewPrivileges: true },
        tmpfs: ['/tmp', '/app/media'],
        healthCheck: 'none',
        stopTimeoutSeconds: 10,
      },
    ]);
    expect(removed).toHaveLength(1);
    expect(passedLine('api', asked.spec, attempt, 1)).toContain(
      'api: worker passed its smoke test · not root (10001:0)',
    );
  });

  it('asks the health check of the image, in the form that it has, until it is green', async () => {
    const forms = [
      { healthCheck: ['CMD', 'python', 'health.py'], argv: ['python', 'health.py'] },
      { healthCheck: ['CMD-SHELL', 'curl x || exit 1'], argv: ['/bin/sh', '-c', 'curl x || exit 1'] },
    ];
    for (const { healthCheck, argv } of forms) {
      const { engine, execs } = engineWith({ states: [RUNNING], exitCodes: [1, 0] });
      const { notes } = await runSmokeTest(question(engine, worker, {}, { ...IMAGE, healthCheck }));
      expect(notes).toContain('healthy');
      expect(execs).toEqual([argv, argv]);
    }
  });

  it('says what the health check says if it stays red', async () => {
    const { engine } = engineWith({ states: [RUNNING], exitCodes: [1] });
    const { judgement } = await runSmokeTest(question(engine, worker, { timeout: '1ms' }));
    expect(judgement).toMatchObject({
      verdict: 'broken-image',
      cause: 'It runs, but its health check fails: refused.',
    });
  });

  it.each(['', '0', 'root', '0:0', 'app'])('fails for an image whose user is %j', async (user) => {
    const asked = question(engineWith({ states: [RUNNING] }).engine, worker, {}, { ...IMAGE, user });
    expect(failure(asked.spec, await smokeTest(asked, []))?.code).toBe('SMOKE_BROKEN_IMAGE');
  });

  it('removes the container when the user interrupts', async () => {
    const { engine, removed } = engineWith({ states: [RUNNING] });
    const pause = (): Promise<void> => Promise.reject(new Error('interrupted'));
    await expect(smokeTest({ ...question(engine), pause }, [])).rejects.toThrow('interrupted');
    expect(removed).toHaveLength(1);
  });

  it('tries sample values only if it lacks configuration, and never instead of what is set', async () => {
    const failed = {
      logs: "Traceback (most recent call last):\nKeyError: 'TOKEN'",
      states: [{ ...RUNNING, running: false, exitCode: 1 }],
    };
    const { engine, runs } = engineWith(failed, { states: [RUNNING] });
    const asked = question(engine, worker, { env: { OTHER: 'mine' } });
    const samples = [
      { name: 'TOKEN', value: 'x', from: '.env.example' },
      { name: 'OTHER', value: 'theirs', from: '.env.example' },
    ];
    const attempt = await smokeTest(asked, samples);
    expect(failure(asked.spec, attempt)).toBeUndefined();
    expect(runs[1]!.env).toEqual({ TOKEN: 'x', OTHER: 'mine' });
    expect(passedLine('api', asked.spec, attempt, 1)).toContain(
      'with sample values from .env.example (TOKEN)',
    );
  });

  it('says by name what is missing, what it printed, its state and what to write', async () => {
    const failed = {
      logs: "Traceback (most recent call last):\nKeyError: 'TOKEN'",
      states: [{ ...RUNNING, running: false, exitCode: 1 }],
    };
    const asked = question(engineWith(failed).engine);
    const error = failure(asked.spec, await smokeTest(asked, []))!;
    expect(error.code).toBe('SMOKE_NEEDS_CONFIGURATION');
    expect(error.message).toContain('It needs the configuration TOKEN.');
    expect(error.message).toContain("  KeyError: 'TOKEN'");
    expect(error.message).toContain('State: exited with code 1');
    expect(error.hint).toContain('"smokeTest": { "env": { "TOKEN": "..." } }');
    const accepting = { ...asked.spec, accept: ['needs-configuration' as const] };
    expect(failure(accepting, await smokeTest(question(engineWith(failed).engine), []))).toBeUndefined();
  });
});

describe('what is expected of a process', () => {
  const expectation = (process: PlannedProcess, chosen = {}) =>
    smokeSpec(process, [process], chosen, {}, [], {}).expectation;

  it.each<[string, PlannedProcess, object, object]>([
    ['a port', web, {}, { kind: 'server', port: 8000, path: '/' }],
    [
      'a port, with a health check',
      { ...web, health: { kind: 'http', path: '/healthz', below: 400 } },
      {},
      { kind: 'server', port: 8000, path: '/healthz' },
    ],
    [
      'a port, with another path than that of the health check',
      { ...web, health: { kind: 'http', path: '/healthz', below: 400 } },
      { path: '/up' },
      { kind: 'server', path: '/up' },
    ],
    [
      'a port, with a command that says whether it is well',
      { ...web, health: { kind: 'command', argv: ['x'] } },
      {},
      { kind: 'server', path: '/' },
    ],
    [
      'a port, with more to ask',
      web,
      { path: '/up', status: 204, body: 'x' },
      { kind: 'server', path: '/up', status: 204, body: 'x' },
    ],
    ['a worker program', worker, {}, { kind: 'worker', stayUpMs: 5000 }],
    [
      'a worker by name',
      planned({ name: 'mail-worker', command: ['python', 'm.py'] }),
      {},
      { kind: 'worker' },
    ],
    [
      'a job by name',
      planned({ name: 'migrate', command: ['python', 'm.py'] }),
      {},
      { kind: 'job', exitCode: 0 },
    ],
    ['a job by setting', worker, { exitCode: 3 }, { kind: 'job', exitCode: 3 }],
    [
      'who knows',
      planned({ name: 'main', command: ['python', 'm.py'] }),
      {},
      { kind: 'program', stayUpMs: 5000 },
    ],
    [
      'a setting',
      planned({ name: 'migrate', command: ['x'] }),
      { stayUp: '1s' },
      { kind: 'worker', stayUpMs: 1000 },
    ],
  ])('follows from %s', (_what, process, chosen, expected) => {
    expect(expectation(process, chosen)).toMatchObject(expected);
  });

  it('softens only where the settings say so', () => {
    const spec = smokeSpec(
      web,
      [web],
      { readOnly: false, capabilities: 'default', user: 'image' },
      {},
      [],
      {},
    );
    expect(spec.hardening).toEqual({ readOnlyRoot: false, dropCapabilities: false, noNewPrivileges: false });
    expect(spec).not.toHaveProperty('user');
    expect(spec.command).toEqual([]);
  });

  it('starts another process by the word that compose files have as well', () => {
    const flask = { ...planned({ name: 'flask', command: ['gunicorn'] }), launcher: '/opt/flask' };
    expect(smokeSpec(flask, [web, flask], {}, {}, [], {}).command).toEqual(['/opt/flask']);
  });

  it('applies to the default process and to those that ask for it', () => {
    const settings: Settings = {
      processes: { web: 'x', worker: { command: 'y', smokeTest: { stayUp: '1s' } }, job: 'z' },
    };
    const all = [web, worker, planned({ name: 'job', command: ['z'] })];
    expect(testedProcesses(all, settings, undefined).map(({ name }) => name)).toEqual(['web', 'worker']);
    expect(testedProcesses(all, settings, 'job').map(({ name }) => name)).toEqual(['job']);
    expect(() => testedProcesses(all, settings, 'jib')).toThrow('has no process "jib"');
    expect(smokeSettings({ ...settings, smokeTest: { timeout: '5s' } }, 'worker')).toEqual({
      timeout: '5s',
      stayUp: '1s',
    });
    expect(smokeSettings({ smokeTest: false }, 'web')).toBe(false);
  });
});
