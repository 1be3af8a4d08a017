import type { Container, Engine, ImageConfig, RunSpec } from '../engine/types';
import { inspect } from './inspect';
import { PROPERTIES } from './properties';
import { surveyImage, type Contents, type Survey } from './survey';

const CONFIG: ImageConfig = {
  user: '10001:0',
  entrypoint: ['tini', '--'],
  command: ['web'],
  env: { PYTHONUNBUFFERED: '1', PYTHONFAULTHANDLER: '1', SECRET_KEY: '' },
  labels: {
    'org.opencontainers.image.title': 'api',
    'org.opencontainers.image.revision': 'abc',
    'org.opencontainers.image.base.name': 'python:3.13-slim',
  },
  ports: [8000],
  stopSignal: 'SIGTERM',
  healthCheck: ['CMD', 'python', 'health.py'],
  healthTimeoutMs: 5000,
};

const CONTENTS: Contents = {
  python: '3.13.5',
  libc: 'glibc 2.41',
  codeFolders: ['/app'],
  dangling: [],
  compilers: [],
  packageManagers: [],
  setuid: [],
  leftovers: [],
  editable: [],
  unresolved: [],
  inconsistent: [],
  timestamped: [],
  uncompiled: [],
  uncompiledStdlib: [],
  early: [],
  recent: [],
  writable: [],
  secretFiles: [],
  timeZones: true,
  home: '',
  nameless: [],
};

const GOOD: Survey = { config: CONFIG, contents: CONTENTS };

const inside = (contents: Partial<Contents>): Survey => ({ ...GOOD, contents: { ...CONTENTS, ...contents } });
const configured = (config: Partial<ImageConfig>): Survey => ({ ...GOOD, config: { ...CONFIG, ...config } });

/** Images that each property has to complain about. */
const BAD: Readonly<Record<string, readonly Survey[]>> = {
  user: [configured({ user: '' }), configured({ user: '0:0' }), configured({ user: 'app' })],
  'read-only-code': [inside({ writable: ['/app/main.py'] })],
  home: [inside({ home: '/root' })],
  'user-name': [inside({ nameless: [54321] })],
  'no-setuid': [inside({ setuid: ['/usr/bin/su'] })],
  'safe-environment': [configured({ env: { ...CONFIG.env, PYTHONINSPECT: '1' } })],
  'no-secret-files': [inside({ secretFiles: ['/app/.env'] })],
  'no-secrets': [
    configured({ env: { ...CONFIG.env, API_TOKEN: 'x' } }),
    configured({ env: { ...CONFIG.env, SECRET_KEY: 'x' } }),
    configured({ env: { ...CONFIG.env, DATABASE_URL: 'postgres://u:hunter2@db/x' } }),
  ],
  output: [configured({ env: {} }), configured({ env: { PYTHONUNBUFFERED: '', PYTHONFAULTHANDLER: '1' } })],
  init: [configured({ entrypoint: [] }), configured({ entrypoint: ['/entrypoint.sh'] })],
  'exec-form': [
    configured({ entrypoint: ['/bin/sh', '-c', 'gunicorn api:app'] }),
    configured({ entrypoint: [], command: ['/bin/sh', '-c', 'gunicorn api:app'] }),
  ],
  'health-check': [configured({ healthCheck: [] }), configured({ healthCheck: ['NONE'] })],
  'no-migration': [
    configured({ command: ['sh', 'run.sh', '&&', 'alembic', 'upgrade', 'head'] }),
    configured({ entrypoint: ['tini', '--', 'sh', '-c', 'python manage.py migrate; exec "$@"'] }),
  ],
  'no-compilers': [inside({ compilers: ['/usr/bin/gcc'] })],
  glibc: [inside({ libc: '' })],
  interpreter: [inside({ dangling: ['/opt/venv/bin/python'] })],
  'no-package-managers': [inside({ packageManagers: ['/usr/local/bin/pip'] })],
  'no-leftovers': [inside({ leftovers: ['/root/.cache/pip'] })],
  'no-editable': [inside({ editable: ['/opt/venv/x.egg-link'] })],
  libraries: [inside({ unresolved: ['libpq.so.5, needed by /opt/venv/x.so'] })],
  dependencies: [inside({ inconsistent: ['flask needs werkzeug'] })],
  'time-zones': [inside({ timeZones: false })],
  bytecode: [inside({ uncompiled: ['/app/main.py'] })],
  'stdlib-bytecode': [inside({ uncompiledStdlib: ['/usr/lib/python3/os.py'] })],
  'hash-based': [inside({ timestamped: ['/app/__pycache__/main.pyc'] })],
  'file-times': [inside({ early: ['/app/a'] }), inside({ recent: ['/app/b'] })],
  labels: [configured({ labels: {} })],
};

describe('an inspection', () => {
  it('has nothing to say about an image that is fine', () => {
    expect(inspect(GOOD).filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  it('knows a bad image for every property', () => {
    expect(Object.keys(BAD).sort()).toEqual(PROPERTIES.map(({ id }) => id).sort());
  });

  it.each(Object.entries(BAD))('%s: says what is wrong, and what to do', (id, surveys) => {
    for (const survey of surveys) {
      const wrong = inspect(survey).filter(({ problem }) => problem !== undefined);
      expect(wrong.map((property) => property.id)).toContain(id);
      for (const { problem, hint } of wrong) {
        expect(problem!.length).toBeGreaterThan(3);
        expect(hint!.length).toBeGreaterThan(10);
      }
    }
  });
});

/** An engine whose one container prints something. */
function engineThat(prints: string, config: ImageConfig | undefined = CONFIG) {
  const runs: RunSpec[] = [];
  let removed = 0;
  const container = {
    wait: () => Promise.resolve(),
    logs: () => Promise.resolve(prints),
    state: () => Promise.resolve({ error: 'exec: "python3": not found' }),
    remove: () => Promise.resolve(void removed++),
  } as unknown as Container;
  const engine: Pick<Engine, 'config' | 'run'> = {
    config: () => Promise.resolve(config),
    run: (spec) => Promise.resolve((runs.push(spec), container)),
  };
  return { engine, runs, removed: () => removed };
}

describe('a survey', () => {
  it('runs its own program, without network and without writing, and leaves nothing behind', async () => {
    const { engine, runs, removed } = engineThat(`a warning\n${JSON.stringify(CONTENTS)}`);
    expect(await surveyImage(engine, 'api:1', { owner: 'me' })).toEqual(GOOD);
    expect(runs).toMatchObject([
      { image: 'api:1', entrypoint: 'python3', network: 'none', labels: { owner: 'me' } },
    ]);
    expect(runs[0]!.hardening?.readOnlyRoot).toBe(true);
    expect(runs[0]!.command?.at(-1)).toBe('10001:0');
    expect(removed()).toBe(1);
  });

  it('says so where there is no image', async () => {
    const { engine, runs } = engineThat('', undefined);
    expect(
      await surveyImage({ ...engine, config: () => Promise.resolve(undefined) }, 'x', {}),
    ).toBeUndefined();
    expect(runs).toEqual([]);
  });

  it('says so where there is no Python, and removes its container', async () => {
    const { engine, removed } = engineThat('');
    await expect(surveyImage(engine, 'x', {})).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining('"python3": not found') as string,
    });
    expect(removed()).toBe(1);
  });
});
