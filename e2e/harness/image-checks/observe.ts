import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Smoke } from '../../../packages/docker-python/fixtures/corpus';
import { get } from '../../../packages/docker-python/src/smoke/probe';
import { attempt } from '../../../tools/shell';
import { docker } from '../docker';

/** What an image has to do when it runs: the contents of a fixture's `smoke.json`, and what is known of its limits. */
export interface Expected extends Omit<Smoke, 'project'> {
  /** Why it listens on its own port whatever PORT says. */
  readonly fixedPort?: string;
  /** Why nobody outside of the process can ask whether it is well. */
  readonly notAsked?: string;
}

/** What one hardened start of an image showed. */
export interface Observation {
  readonly kind: 'server' | 'worker' | 'job';
  readonly fixedPort?: string;
  readonly notAsked?: string;
  /** Why it does not do its work; empty if it does. */
  readonly complaint: string;
  /** Program and arguments of each process inside, PID 1 first. */
  readonly processes: readonly string[];
  /** Files that they hold open. */
  readonly openFiles: string;
  /** Ended processes whose parent had gone before them and that nobody has reaped. */
  readonly zombies: number;
  /** `healthy`, or what the health check says instead; empty if the image has none. */
  readonly health: string;
  /** Time of an answer while somebody has begun a request and does not go on; undefined without one. */
  readonly besideHungMs?: number;
  readonly stopSeconds: number;
  readonly exitCode: number;
}

/** Another port than any fixture's own. */
const PORT = 9123;
/** Tenths of a second, and what asking takes. */
const PATIENCE = 300;
/** So little that configured workers are fewer than there are processors for. */
const HARDENED = [
  '--user=54321:0',
  '--read-only',
  '--tmpfs=/tmp',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--memory=400m',
  '--stop-timeout=9',
  ...['--health-interval=300ms', '--health-start-period=1ms', '--health-retries=1000'],
];

/** Starts an image as production would, on another port, looks at it, and stops it. */
export async function observe(image: string, expected: Expected): Promise<Observation> {
  const { port, ends = true, fixedPort, notAsked } = expected;
  const listens = fixedPort === undefined ? PORT : port!;
  const kind = port !== undefined ? 'server' : ends ? 'job' : 'worker';
  const id = await docker(
    ...['run', '--detach', '--label=docker-python.test=1', ...HARDENED],
    ...(kind === 'server' ? [`--env=PORT=${listens}`, `--publish=127.0.0.1::${listens}`] : []),
    image,
  );
  try {
    // One that has ended already has no port.
    const address =
      kind === 'server'
        ? (await attempt('docker', ['port', id, `${listens}/tcp`])).stdout.split('\n')[0]!.trim()
        : '';
    const complaint = await work(id, `http://${address}`, kind, expected);
    const inside = await look(id);
    const besideHungMs =
      kind === 'server' && complaint === ''
        ? await besideHung(id, listens, address, expected.path ?? '/')
        : undefined;
    const health = await healthOf(id, kind);
    const began = performance.now();
    await docker('stop', `--timeout=${notAsked === undefined ? 10 : 30}`, id);
    const stopSeconds = (performance.now() - began) / 1000;
    const exitCode = Number(await docker('inspect', '--format={{.State.ExitCode}}', id));
    const hung = besideHungMs === undefined ? {} : { besideHungMs };
    const fixed = {
      ...(fixedPort === undefined ? {} : { fixedPort }),
      ...(notAsked === undefined ? {} : { notAsked }),
    };
    return { kind, ...fixed, complaint, ...inside, ...hung, health, stopSeconds, exitCode };
  } finally {
    await attempt('docker', ['rm', '--force', '--volumes', id]);
  }
}

/** Waits for an answer, for words in the log, or for an end that is none of a failure. */
async function work(
  id: string,
  address: string,
  kind: Observation['kind'],
  { path = '/', status = 200, body = '', output = '' }: Expected,
): Promise<string> {
  let said = '';
  for (let tries = 0; tries < PATIENCE; tries++) {
    if (kind === 'server') {
      const answer = address === 'http://' ? undefined : await get(`${address}${path}`, 2_000);
      if (answer?.status === status && answer.body.includes(body)) return '';
      if (answer) said = `${path} is answered with ${answer.status}: ${answer.body.slice(0, 200)}`;
    }
    const format = '--format={{if .State.Running}}running{{else}}{{.State.ExitCode}}{{end}}';
    const state = await docker('inspect', format, id);
    const log = (await attempt('docker', ['logs', '--tail=30', id])).output;
    const wanted = { server: undefined, worker: 'running', job: '0' }[kind];
    if (state === wanted && log.includes(output)) return '';
    if (state !== 'running') return `it ended with exit code ${state}:\n${log}`;
    if (kind === 'server' || tries > 10) said ||= `it does not do its work:\n${log}`;
    await sleep(100);
  }
  return said;
}

async function look(id: string): Promise<Pick<Observation, 'processes' | 'openFiles' | 'zombies'>> {
  const script = [
    '(sleep 0.05 &)',
    'for p in /proc/[0-9]*; do [ "$p" = "/proc/$$" ] || { tr "\\0" " " < $p/cmdline; echo; }; done',
    'echo ---',
    'ls -l /proc/[0-9]*/fd',
    'echo ---',
    // Only children of PID 1: a health check that has just ended is Docker's to reap, a worker its server's.
    'orphans() { grep -l "^PPid:.1$" $(grep -l "^State:.Z" /proc/[0-9]*/status) /dev/null; }',
    'for t in 1 2 3 4 5 6; do sleep 0.5; left=$(orphans); [ -n "$left" ] || break; done',
    'echo "$left"',
  ].join('; ');
  const { stdout } = await attempt('docker', ['exec', id, 'sh', '-c', script]);
  const [processes = '', openFiles = '', zombies = ''] = stdout.split('---\n');
  return {
    processes: processes.split('\n').filter((line) => line !== '' && !line.startsWith('sleep 0.05')),
    openFiles,
    zombies: zombies.split('\n').filter(Boolean).length,
  };
}

async function besideHung(
  id: string,
  listens: number,
  address: string,
  path: string,
): Promise<number | undefined> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host).on('error', () => undefined);
  try {
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le');
    await sleep(150);
    for (let tries = 0; tries < 50 && !(await hasRead(id, listens)); tries++) await sleep(100);
    const began = performance.now();
    return (await get(`http://${address}${path}`, 5_000)) ? performance.now() - began : undefined;
  } finally {
    socket.destroy();
  }
}

/**
 * Whether the server has taken what was sent from outside of the container: the kernel has nothing left for it to read.
 * Source: the kernel's "The proc/net/tcp and proc/net/tcp6 variables".
 */
async function hasRead(id: string, port: number): Promise<boolean> {
  const { stdout } = await attempt('docker', ['exec', id, 'cat', '/proc/net/tcp', '/proc/net/tcp6']);
  const here = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const ESTABLISHED = '01';
  // Health checks ask from inside.
  const inside = /0100007F:|^0{24}01000000:/;
  const open = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = '', remote = '', state]) =>
        local.endsWith(here) && state === ESTABLISHED && !inside.test(remote),
    );
  return open.length > 0 && open.every(([, , , , queues = '']) => queues.endsWith(':00000000'));
}

async function healthOf(id: string, kind: Observation['kind']): Promise<string> {
  const state = async (): Promise<string> =>
    docker('inspect', '--format={{if .State.Health}}{{json .State.Health}}{{end}}', id);
  for (let tries = 0; ; tries++) {
    const text = await state();
    if (text === '' || kind === 'job') return '';
    const { Status, Log } = JSON.parse(text) as { Status: string; Log: { Output: string }[] | null };
    if (Status === 'healthy') return Status;
    if (tries === 150) return Log?.at(-1)?.Output ?? Status;
    await sleep(200);
  }
}
