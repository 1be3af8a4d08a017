import { DockerPythonError, type ErrorCode } from '../errors';
import { failureOfAsync } from '../testing/failures';
import { recordingRegistries } from '../testing/recording-engine';
import { withRetries } from './retries';
import type { Registries } from './registry-types';

function failing(code: ErrorCode, times: number) {
  let left = times;
  const calls = { count: 0 };
  const pauses: number[] = [];
  const notes: string[] = [];
  const fail =
    <T>(result: T) =>
    (): Promise<T> => {
      calls.count += 1;
      if (left-- > 0) return Promise.reject(new DockerPythonError({ code, message: 'm', hint: 'h' }));
      return Promise.resolve(result);
    };
  const registries: Registries = {
    ...recordingRegistries(new Map()),
    push: fail('sha256:1'),
    remoteDigest: fail('sha256:1'),
  };
  const pause = (ms: number): Promise<void> => Promise.resolve(void pauses.push(ms));
  const note = (message: string): void => void notes.push(message);
  return { calls, pauses, notes, ...withRetries(registries, { pausesMs: [1000, 2000, 4000], pause, note }) };
}

it('tries again, with longer and longer pauses, until it succeeds', async () => {
  const flaky = failing('REGISTRY_UNAVAILABLE', 2);
  expect(await flaky.push('x')).toBe('sha256:1');
  expect([flaky.calls.count, flaky.pauses]).toEqual([3, [1_000, 2_000]]);
});

it('gives up in the end, with the last error, and says once what is wrong', async () => {
  const down = failing('REGISTRY_UNAVAILABLE', 100);
  expect((await failureOfAsync(() => down.push('x'))).code).toBe('REGISTRY_UNAVAILABLE');
  expect([down.calls.count, down.pauses]).toEqual([4, [1_000, 2_000, 4_000]]);
  const waits = ['Trying again in 1 s.', 'Trying again in 2 s.', 'Trying again in 4 s.'];
  expect(down.notes).toEqual([`m\n${waits[0]}`, ...waits.slice(1)]);
});

it.each<ErrorCode>(['REGISTRY_UNAUTHORIZED', 'REGISTRY_DENIED', 'REGISTRY_NAME_UNKNOWN', 'ENGINE_FAILED'])(
  'does not ask again what was refused: %s',
  async (code) => {
    const refusing = failing(code, 1);
    expect((await failureOfAsync(() => refusing.push('x'))).code).toBe(code);
    expect(refusing.calls.count).toBe(1);
  },
);

it('sends a lost layer again, but asks no second time for one', async () => {
  expect(await failing('REGISTRY_BLOB_MISSING', 1).push('x')).toBe('sha256:1');
  const asking = failing('REGISTRY_BLOB_MISSING', 1);
  expect((await failureOfAsync(() => asking.remoteDigest('x'))).code).toBe('REGISTRY_BLOB_MISSING');
});
