import { failureOf } from '../testing/failures';
import { readSettingsFile } from './resolve';
import { SETTINGS_STEPS, SETTINGS_VERSION, upgradeSettings, type SettingsStep } from './version';

const STEPS: readonly SettingsStep[] = [
  { from: 1, change: ({ web, ...rest }) => ({ ...rest, command: web }) },
  { from: 2, change: (settings) => ({ ...settings, port: Number(settings['port']) }) },
];

it.each([
  [
    { version: 1, web: 'a', port: '80', own: 1 },
    { version: 3, command: 'a', port: 80, own: 1 },
  ],
  [
    { version: 2, port: '80' },
    { version: 3, port: 80 },
  ],
  [{ version: 3 }, { version: 3 }],
  [{ version: 9 }, { version: 9 }],
  [{ version: 0 }, { version: 0 }],
  [{}, {}],
])('%j becomes %j', (before, after) => {
  expect(upgradeSettings(before, STEPS, 3)).toEqual(after);
});

it('there is a step from every version to the present one', () => {
  expect(SETTINGS_STEPS.map(({ from }) => from)).toEqual(
    Array.from({ length: SETTINGS_VERSION - 1 }, (_, i) => i + 1),
  );
});

it.each([
  [0, 'nx migrate docker-python'],
  [99, 'newer docker-python'],
])('a file of version %d says which plugin reads it', (version, hint) => {
  expect(failureOf(() => readSettingsFile(JSON.stringify({ version }), 'docker-python.json'))).toMatchObject({
    code: 'INVALID_SETTINGS',
    hint: expect.stringContaining(hint),
  });
});
