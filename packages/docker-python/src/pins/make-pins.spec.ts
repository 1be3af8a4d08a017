import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NO_INPUTS, type BuildRequest, type Engine } from '../engine/types';
import { failureOfAsync } from '../testing/failures';
import { askDatabase } from './ask-database';
import { makePins, type PinOrder } from './make-pins';

/** An engine whose build hands over these files. */
function engineThatGives(
  files: Readonly<Record<string, string>>,
): Pick<Engine, 'build'> & { requests: BuildRequest[] } {
  const requests: BuildRequest[] = [];
  return {
    requests,
    build(request) {
      requests.push(request);
      const { output } = request;
      if (typeof output !== 'object') throw new Error('pins go to a folder');
      for (const [path, text] of Object.entries(files)) {
        const file = join(output.folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      return Promise.resolve();
    },
  };
}

const ORDER: PinOrder = {
  dockerfile: 'FROM scratch',
  ignore: '*\n',
  outputs: ['a/requirements.txt'],
  now: '12:00',
  build: { workspaceRoot: '/w', buildArgs: { X: '1' }, inputs: NO_INPUTS, extraArgs: [] },
};

test('pins come out of a build that no cache answers', async () => {
  const engine = engineThatGives({ 'pins/a/requirements.txt': 'x==1\n', 'log.txt': '' });
  expect([...(await makePins(engine, ORDER))]).toEqual([['a/requirements.txt', 'x==1\n']]);
  expect(engine.requests).toMatchObject([
    { workspaceRoot: '/w', target: 'pins', buildArgs: { X: '1', RESOLVED_AT: '12:00' }, tags: [] },
  ]);
});

test('a resolver that fails is quoted, with a hint where its words are known', async () => {
  const known = engineThatGives({
    failed: '1',
    'log.txt': 'error: No solution found when resolving dependencies:\n  x\n',
  });
  expect(await failureOfAsync(() => makePins(known, ORDER))).toMatchObject({
    code: 'PINS_UNRESOLVED',
    message: expect.stringContaining('No solution found when resolving dependencies:\n  x') as string,
    hint: expect.stringContaining('Correct the requirement') as string,
  });
  const unknown = engineThatGives({ failed: '2', 'log.txt': 'riddle' });
  expect(await failureOfAsync(() => makePins(unknown, ORDER))).toMatchObject({
    message: 'The resolver found no pins, and nothing was written. It says:\n\nriddle',
  });
});

test('a build that hands over nothing is an error', async () => {
  const nothing = engineThatGives({});
  expect(await failureOfAsync(() => makePins(nothing, ORDER))).toMatchObject({ code: 'ENGINE_FAILED' });
  expect(await failureOfAsync(() => askDatabase(nothing, ORDER))).toMatchObject({ code: 'ENGINE_FAILED' });
});

test('a report comes out in the same way', async () => {
  const engine = engineThatGives({ 'report.json': '{"audited":2}' });
  expect(await askDatabase(engine, ORDER)).toEqual({ audited: 2 });
  expect(engine.requests).toMatchObject([{ target: 'audited', buildArgs: { AUDITED_AT: '12:00' } }]);
});
