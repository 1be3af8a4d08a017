import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { buildEnvironmentInputs, withBuildEnv } from './build-environment-inputs';

const SALT = 'a-salt-of-a-test-012345';
const TOKEN = { TOKEN: { secret: { env: 'HOST_TOKEN' } } };

/** What the runtime input hands to the function that it runs. */
function question(settings: object): unknown {
  const runtime = buildEnvironmentInputs('apps/api', settings).flatMap((input) =>
    typeof input === 'object' && 'runtime' in input ? [input.runtime] : [],
  );
  const [, words] = /'([A-Za-z0-9_-]+)'\)"$/.exec(runtime.join()) ?? [];
  return words === undefined ? undefined : JSON.parse(Buffer.from(words, 'base64url').toString());
}

it.each<[string, object, unknown]>([
  ['nothing', {}, undefined],
  ['a secret', { secretsSalt: SALT, buildEnv: TOKEN }, { salt: SALT, variables: ['HOST_TOKEN'], files: [] }],
  [
    'a file',
    { secretsSalt: SALT, buildEnv: { A: { secret: { file: '~/a' } } } },
    { salt: SALT, variables: [], files: ['~/a'] },
  ],
  [
    'what rotates',
    { secretsSalt: SALT, buildEnv: { A: { secret: { env: 'X' }, rotates: true } } },
    undefined,
  ],
  ['a secret without a salt, which is an error of the build', { buildEnv: TOKEN }, undefined],
  ['settings that are wrong', { secretsSalt: SALT, buildEnv: { A: 1 } }, undefined],
  [
    'variables that a file may give',
    { secretsSalt: SALT, buildEnvFile: '.env.build', buildEnv: { A: { env: 'HOST_A' } } },
    { salt: SALT, variables: ['HOST_A'], files: [], envFile: 'apps/api/.env.build' },
  ],
  [
    'variables that a file may give where nothing is secret',
    { buildEnvFile: '.env.build', buildEnv: { A: { env: 'HOST_A' } } },
    { variables: ['HOST_A'], files: [], envFile: 'apps/api/.env.build' },
  ],
  [
    'variables of such a file, and no secret that has no salt,',
    {
      buildEnvFile: '.env.build',
      buildEnv: { ...TOKEN, A: { env: 'HOST_A' }, B: { env: 'HOST_TOKEN' } },
    },
    { variables: ['HOST_A'], files: [], envFile: 'apps/api/.env.build' },
  ],
])('%s is hashed by its digest alone', (_, settings, expected) => {
  expect(question(settings)).toEqual(expected);
});

it('variables that are no secrets are hashed by Nx itself', () => {
  expect(buildEnvironmentInputs('apps/api', { buildEnv: { A: { env: 'HOST_A' }, B: 'b' } })).toEqual([
    { env: 'HOST_A' },
  ]);
});

it('the variables of the workspace and of the project both count', () => {
  expect(withBuildEnv({ buildEnv: { A: 'a', B: 'b' } }, { buildEnv: { B: 'c' }, image: 'x' })).toEqual({
    buildEnv: { A: 'a', B: 'c' },
    image: 'x',
  });
  expect(withBuildEnv(undefined, { image: 'x' })).toEqual({ image: 'x' });
});

/** The function that Nx runs, in a process of its own as there, without the shell. */
function digest(settings: object, root: string, env: Record<string, string>): string {
  const words = Buffer.from(JSON.stringify(question(settings))).toString('base64url');
  const script = `console.log(require(${JSON.stringify(join(__dirname, '../host-digest.ts'))})('${words}'))`;
  const loader = require.resolve('tsx/cjs');
  const environment = { PATH: process.env['PATH'] ?? '', ...env };
  return execFileSync(process.execPath, ['--require', loader, '-e', script], { cwd: root, env: environment })
    .toString()
    .trim();
}

it('a digest changes with the secret, with its file and with the salt, and never shows it', () => {
  const root = tempFolder();
  writeFiles(root, { secret: 'hunter2' });
  const settings = { secretsSalt: SALT, buildEnv: { ...TOKEN, F: { secret: { file: 'secret' } } } };
  const first = digest(settings, root, { HOST_TOKEN: 'one' });
  const others = [
    digest(settings, root, { HOST_TOKEN: 'two' }),
    digest(settings, root, {}),
    digest({ ...settings, secretsSalt: `${SALT}x` }, root, { HOST_TOKEN: 'one' }),
  ];
  writeFiles(root, { secret: 'hunter3' });
  others.push(digest(settings, root, { HOST_TOKEN: 'one' }));
  expect(new Set([first, ...others]).size).toBe(5);
  expect([first, ...others].every((text) => /^[0-9a-f]{40}$/.test(text))).toBe(true);
});

it('a digest changes with what a file gives a variable that is no secret, and with nothing else of the file', () => {
  const root = tempFolder();
  const settings = { buildEnvFile: '.env.build', buildEnv: { A: { env: 'HOST_A' } } };
  const digestOf = (text: string, env: Record<string, string> = {}): string => {
    writeFiles(root, { 'apps/api/.env.build': text });
    return digest(settings, root, env);
  };
  const first = digestOf('HOST_A=one\n');
  expect(digestOf('HOST_A=one\nOTHER=x\n')).toBe(first);
  expect(digestOf('HOST_A=two\n')).not.toBe(first);
  expect(digestOf('HOST_A=two\n', { HOST_A: 'one' })).toBe(first);
});
