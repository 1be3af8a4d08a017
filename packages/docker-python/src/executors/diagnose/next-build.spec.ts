import { DockerPythonError } from '../../errors';
import { executorWorkspace, type ExecutorWorkspace } from '../../testing/executor-workspace';
import { ENGINE_FACTS, recordingEngine } from '../../testing/recording-engine';
import { nextBuild, type NextBuild } from './next-build';

const IMAGE = {
  imageId: 'sha256:1',
  manifestDigest: 'sha256:1',
  platform: 'linux/amd64',
  layers: [],
  size: 1,
};
const SILENT = new DockerPythonError({
  code: 'REGISTRY_UNAVAILABLE',
  message: 'r.example.com did not answer in time.',
  hint: 'h',
});

type Asked = Parameters<typeof nextBuild>[0];

const ask = ({ context, read }: ExecutorWorkspace, changes: Partial<Asked>): Promise<NextBuild> =>
  nextBuild({ ...recordingEngine(undefined), ...changes }, read(), context);

const held = (): Promise<typeof IMAGE> => Promise.resolve(IMAGE);
const remote = (): Promise<string> => Promise.resolve('sha256:1');
const absent = (): Promise<undefined> => Promise.resolve(undefined);
const never = (): Promise<never> => Promise.reject(new Error('nobody may ask this'));

describe('what the next build would do, with a registry', () => {
  const workspace = executorWorkspace({ registry: 'r.example.com/acme' });

  it.each<[string, Partial<Asked>, NextBuild['outcome'], readonly RegExp[]]>([
    [
      'nobody has the image',
      { inspect: absent, remoteDigest: absent },
      'builds',
      [/^The engine has no /, /^The registry has no /],
    ],
    [
      'the engine has it',
      { inspect: held, remoteDigest: absent },
      'nothing to do',
      [/^The engine has r\./, /^The registry has no /],
    ],
    [
      'the registry alone has it',
      { inspect: absent, remoteDigest: remote },
      'nothing to do',
      [/^The engine has no /, /^The registry has r\..*fetched/],
    ],
    [
      'the registry does not answer',
      { inspect: absent, remoteDigest: () => Promise.reject(SILENT) },
      'builds',
      [/^The engine has no /, /^The registry was asked .*REGISTRY_UNAVAILABLE/],
    ],
  ])('%s', async (_, changes, outcome, reasons) => {
    const next = await ask(workspace, changes);
    expect(next.outcome).toBe(outcome);
    expect(next.reasons).toEqual([
      ...reasons.map((reason) => expect.stringMatching(reason) as string),
      expect.stringContaining('There is no image record'),
    ]);
    expect(next.reasons[0]).toContain(`r.example.com/acme/api:ck-${next.contentKey}`);
  });

  it('an engine that does not answer leaves it open, and the registry is asked all the same', async () => {
    const gone = new DockerPythonError({ code: 'ENGINE_NOT_RUNNING', message: 'm', hint: 'h' });
    const next = await ask(workspace, {
      probe: () => Promise.reject(gone),
      inspect: never,
      remoteDigest: remote,
    });
    expect(next.outcome).toBe('unknown');
    expect(next.reasons.join('\n')).toMatch(/ENGINE_NOT_RUNNING[\s\S]*The registry has r\./);
  });
});

it('asks no registry where none is set', async () => {
  const next = await ask(executorWorkspace(), { inspect: absent, remoteDigest: never });
  expect([next.outcome, next.reasons[0]]).toEqual([
    'builds',
    expect.stringMatching(/^The engine has no api:ck-/),
  ]);
});

it('asks a builder elsewhere, and no engine, where images go straight to the registry', async () => {
  const workspace = executorWorkspace({ registry: 'r.example.com', builder: 'team', store: 'registry' });
  const next = await ask(workspace, {
    probe: never,
    inspect: never,
    probeBuilder: (name) =>
      Promise.resolve({
        ...ENGINE_FACTS,
        platform: 'linux/arm64',
        platforms: ['linux/arm64'],
        driver: name,
      }),
    remoteDigest: remote,
  });
  expect(next).toMatchObject({
    outcome: 'nothing to do',
    platforms: ['linux/arm64'],
    engine: { driver: 'team' },
  });
});

it('builds where a label of the settings changed', async () => {
  const keyWith = async (labels?: Readonly<Record<string, string>>): Promise<unknown> =>
    (await ask(executorWorkspace(labels ? { labels } : {}), { inspect: absent })).contentKey;
  const keys = [await keyWith(), await keyWith({ team: 'a' }), await keyWith({ team: 'b' })];
  expect(new Set(keys).size).toBe(3);
});

describe('where the engine cannot do what the settings ask for', () => {
  it('the build stops, and that it would is said', async () => {
    const attest = { provenance: 'max' } as const;
    const next = await ask(executorWorkspace({ attest }), { inspect: absent });
    expect([next.outcome, next.reasons]).toEqual([
      'stops',
      [expect.stringMatching(/^ATTEST_UNSUPPORTED: .*containerd image store/)],
    ]);
  });

  it('and does the rest, that is said as well', async () => {
    const workspace = executorWorkspace({ registry: 'r.example.com', cache: { to: '{registry}/{image}:c' } });
    const next = await ask(workspace, { inspect: absent, remoteDigest: absent });
    expect(next.outcome).toBe('builds');
    expect(next.reasons.at(-1)).toContain('The layer cache is read but not written');
  });
});
