import type { Observation } from './observe';
import { property } from './properties';
import type { ImageCheck, Subject } from './types';

/**
 * Two for a server on an idle machine; this one is shared. Less than the eight that a request under way gets: there is
 * none. A worker finishes what it has begun.
 */
const STOP_SECONDS = { server: 7.5, worker: 8.5, job: 1 } as const;
/** Celery looks for an end every few seconds where its broker is in its memory: seven where nothing else runs. */
const MEMORY_BROKER_SECONDS = 20;
const MAIN = /^(\S*python\S* )?\S*\/gunicorn /;

const unless =
  (reason: string, applies: (observation: Observation) => boolean) =>
  async (subject: Subject): Promise<string | undefined> =>
    applies(await subject.observe()) ? undefined : reason;

const serves = unless('serves no port', ({ kind }) => kind === 'server');
const stays = unless('ends by itself', ({ kind }) => kind !== 'job');
const gunicorn = ({ processes }: Observation): readonly string[] =>
  processes.filter((line) => MAIN.test(line));

/** Rows 31 to 46, as far as a running container shows them. */
export const RUNNING: readonly ImageCheck[] = [
  {
    row: 31,
    property: 'stops in time, not killed',
    exempt: stays,
    // The trap survives the shell, so everything below ignores the signal.
    spoil:
      'ENTRYPOINT ["tini", "--", "sh", "-c", "trap \'\' TERM; \\"$@\\" & while true; do sleep 1; done", "sh"]\nCMD ["web"]',
    async run(subject) {
      const { kind, notAsked, stopSeconds, exitCode } = await subject.observe();
      const limit = notAsked === undefined ? STOP_SECONDS[kind] : MEMORY_BROKER_SECONDS;
      const fine = stopSeconds < limit && [0, 143].includes(exitCode);
      return fine ? '' : `${stopSeconds.toFixed(1)} s, exit code ${exitCode}`;
    },
  },
  {
    row: 32,
    property: 'tini is PID 1',
    exempt: stays,
    spoil: 'ENTRYPOINT ["sh", "-c", "\\"$@\\"; true", "sh"]\nCMD ["web"]',
    async run(subject) {
      const [first = ''] = (await subject.observe()).processes;
      return first.startsWith('tini ') ? '' : `PID 1 is ${first}`;
    },
  },
  {
    row: 32,
    property: 'zombies are reaped',
    exempt: stays,
    spoil: 'ENTRYPOINT ["sh", "-c", "\\"$@\\" & exec sleep 99", "sh"]\nCMD ["web"]',
    async run(subject) {
      const { zombies, processes } = await subject.observe();
      if (processes.length === 0) return 'it does not run';
      return zombies === 0 ? '' : `${zombies} are left`;
    },
  },
  property(32, 'init', 'ENTRYPOINT []\nCMD ["web"]'),
  property(32, 'exec-form', 'ENTRYPOINT ["/bin/sh", "-c", "web"]'),
  {
    row: 34,
    property: "gunicorn's heartbeat lives in memory",
    exempt: unless('is not served by gunicorn', (seen) => gunicorn(seen).length > 0),
    spoil: 'ENV GUNICORN_CMD_ARGS=--worker-tmp-dir=/tmp',
    run: async (subject) =>
      (await subject.observe()).openFiles.includes('/dev/shm/wgunicorn') ? '' : 'it does not',
  },
  {
    row: 35,
    property: 'answers beside a request that hangs',
    exempt: serves,
    spoil: 'ENV GUNICORN_CMD_ARGS="--worker-class=sync --threads=1 --workers=1"',
    async run(subject) {
      const { besideHungMs, complaint } = await subject.observe();
      if (besideHungMs === undefined) return `no answer ${complaint}`;
      return besideHungMs < 5_000 ? '' : `after ${besideHungMs.toFixed(0)} ms`;
    },
  },
  {
    row: 36,
    property: 'workers follow the memory of the container',
    exempt: unless('brings its own number of workers', (seen) =>
      gunicorn(seen).some((line) => line.includes('--config docker/gunicorn.conf.py')),
    ),
    spoil: 'ENV WEB_CONCURRENCY=3',
    async run(subject) {
      const workers = gunicorn(await subject.observe()).length - 1;
      return workers === 2 ? '' : `${workers} workers in 400 MB`;
    },
  },
  {
    row: 37,
    property: 'listens on 0.0.0.0:$PORT',
    exempt: async (subject) => (await serves(subject)) ?? (await subject.observe()).fixedPort,
    spoil: 'USER 0\nRUN sed -i "s/export PORT=.*/export PORT=8000/" /opt/docker-python/bin/*',
    run: async (subject) => (await subject.observe()).complaint,
  },
  {
    row: 39,
    property: 'its health check goes green without curl or wget',
    exempt: async (subject) => (await stays(subject)) ?? (await subject.observe()).notAsked,
    spoil: 'HEALTHCHECK --interval=1s CMD ["curl", "-f", "http://localhost/"]',
    async run(subject) {
      const { health } = await subject.observe();
      return health === 'healthy' ? '' : health || 'it has none';
    },
  },
  property(39, 'health-check', 'HEALTHCHECK NONE'),
  property(
    41,
    'no-migration',
    'ENTRYPOINT ["tini", "--", "sh", "-c", "python manage.py migrate; exec \\"$@\\"", "sh"]',
  ),
  {
    row: 44,
    property: 'runs under an arbitrary user id',
    spoil: 'USER 0\nRUN chmod -R g-rwx,o-rwx /app\nUSER 10001:0',
    run: async (subject) => (await subject.observe()).complaint,
  },
  {
    row: 45,
    property: 'runs with a read-only root',
    spoil: 'ENTRYPOINT ["tini", "--", "sh", "-c", "touch /var/tmp/x && exec \\"$@\\"", "sh"]\nCMD ["web"]',
    run: async (subject) => (await subject.observe()).complaint,
  },
  {
    row: 46,
    property: 'runs without capabilities and new privileges',
    spoil:
      'ENTRYPOINT ["tini", "--", "sh", "-c", "grep -q CapBnd:.*[1-9a-f] /proc/self/status && exec \\"$@\\"", "sh"]\nCMD ["web"]',
    run: async (subject) => (await subject.observe()).complaint,
  },
];
