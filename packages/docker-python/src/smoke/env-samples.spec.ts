import { memoryFiles } from '../detection/files';
import { readEnvFile } from '../detection/env-file';
import { sampleValues } from './env-samples';

it.each<[line: string, value: [string, string][]]>([
  ['A=1', [['A', '1']]],
  ['export A = b c ', [['A', 'b c']]],
  ['A="x # y" # why', [['A', 'x # y']]],
  ["A='$x'", [['A', '$x']]],
  ['A="two\\nlines \\"q\\""', [['A', 'two\nlines "q"']]],
  ['A=b # why', [['A', 'b']]],
  ['A=b#c', [['A', 'b#c']]],
  ['A=', [['A', '']]],
  ['# A=1', []],
  ['no pair', []],
])('%s', (line, value) => {
  expect(readEnvFile(line)).toEqual(value);
});

const read = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    sampleValues(memoryFiles(files), 'apps/api').map(({ name, value, from }) => [name, `${value} (${from})`]),
  );

it('prefers the file that is meant as an example, and the project to the workspace', () => {
  expect(
    read({
      'apps/api/.env.example': 'A=project\nPORT=1\nEMPTY=\nPYTHONPATH=x\n',
      '.env.example': 'A=workspace\nB=workspace\n',
      'apps/api/docker-compose.yml':
        'services:\n  api:\n    environment:\n      A: compose\n      C: compose\n',
    }),
  ).toEqual({
    A: 'project (apps/api/.env.example)',
    B: 'workspace (.env.example)',
    C: 'compose (apps/api/docker-compose.yml)',
  });
});

it('reads app.json with values and generated secrets, and survives a broken one', () => {
  const env = {
    A: 'a',
    B: { description: 'x', value: 'b' },
    SECRET: { generator: 'secret' },
    D: { required: true },
  };
  expect(Object.keys(read({ 'apps/api/app.json': JSON.stringify({ env }) }))).toEqual(['A', 'B', 'SECRET']);
  expect(read({ 'apps/api/app.json': '{' })).toEqual({});
});

it('reads both forms of environment in a compose file, and nothing beside them', () => {
  const compose = `services:
  api:
    image: api
    environment:
      - URL=postgres://u:p@db/x
      - "QUOTED=yes"
      - PASSED_ON
      # - OFF=1
    ports:
      - HOST=8000
  db:
    environment:
      POSTGRES_USER: "u" # who
      LEVEL: \${LEVEL:-info}
    volumes:
      data: x
`;
  expect(read({ 'apps/api/compose.yaml': compose })).toEqual({
    URL: 'postgres://u:p@db/x (apps/api/compose.yaml)',
    QUOTED: 'yes (apps/api/compose.yaml)',
    POSTGRES_USER: 'u (apps/api/compose.yaml)',
    LEVEL: 'info (apps/api/compose.yaml)',
  });
});
