import { hiddenTargets } from './hidden-targets';

const OURS = { executor: 'docker-python:push' };

it.each([
  ['ours', { push: OURS }, {}, []],
  ['options for ours', { push: {} }, {}, []],
  [
    'another executor',
    { push: { executor: 'nx:run-commands' } },
    {},
    ['"push" of its own (nx:run-commands)'],
  ],
  ['a command', { 'docker-build': { command: 'make' } }, {}, ['"docker-build" of its own (make)']],
  ['one that has another name here', { push: { command: 'x' } }, { targets: { push: 'ship' } }, []],
  ['that name', { ship: { command: 'x' } }, { targets: { push: 'ship' } }, ['"ship" of its own (x)']],
  ['targets of other names', { build: { command: 'x' }, test: { executor: 'y:z' } }, {}, []],
])('%s: %j', (_, targets, options, expected) => {
  expect(hiddenTargets(targets, options).map(({ message }) => message)).toEqual(
    expected.map((words) => expect.stringContaining(words) as string),
  );
});
