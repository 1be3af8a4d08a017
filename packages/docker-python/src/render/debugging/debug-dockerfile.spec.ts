import { designOf, FLASK, below } from '../../testing/projects';
import { debugDockerfile, SHELL, STEP } from './debug-dockerfile';
import { instructionsOf } from './instructions-of';

const FOREIGN = `# syntax=x
FROM python:3.13 AS base
COPY <<'EOF' /a.py
from x import y
RUN echo not an instruction
EOF
RUN echo one

FROM base
WORKDIR /x
# between
RUN --mount=type=bind,from=base,source=/a.py,target=/b.py,rw \\
    # a comment
    --mount=type=secret,id=token,env=TOKEN --mount=type=secret,id=ca --mount=type=cache,target=/c \\
    --mount=type=bind,target=/all --mount=type=tmpfs,target=/t <<EOF
set -eu
false
EOF
COPY missing /x
RUN ["python", "-c", "print(1)"]
RUN cat > /f <<A && true
text
A
CMD ["x"]
`;

const at = (start: string): number => FOREIGN.split('\n').findIndex((line) => line.startsWith(start)) + 1;

it('ends before the step, with what it mounts, and the step as a script', () => {
  const debug = debugDockerfile(FOREIGN, at('RUN --mount'))!;
  expect(debug.stage).toBe('last-good-stage');
  expect(debug.text.split('\n').slice(9)).toEqual([
    'FROM base AS last-good-stage',
    'WORKDIR /x',
    '# between',
    '',
    'COPY --from=base ["/a.py","/b.py"]',
    'COPY [".","/all"]',
    `COPY <<'END_OF_THE_FAILED_STEP' ${STEP}`,
    'set -eu',
    'false',
    'END_OF_THE_FAILED_STEP',
    '',
  ]);
  expect(debug.secrets).toEqual([
    { id: 'token', env: 'TOKEN' },
    { id: 'ca', target: '/run/secrets/ca' },
  ]);
});

it('puts secrets of variables where the step has them, before the shell', () => {
  const debug = debugDockerfile(FOREIGN, at('RUN --mount'), { token: 'ACME_TOKEN', ca: 'MY_CA', gone: 'X' })!;
  expect(debug.shell).toBe(true);
  expect(debugDockerfile(FOREIGN, at('RUN --mount'), { gone: 'X' })).toMatchObject({ shell: false });
  const [, shell] = new RegExp(`${SHELL}\n([^]*?)\nEND_OF`).exec(debug.text)!;
  expect(shell!.split('\n')).toEqual([
    'umask 077',
    'export TOKEN="$ACME_TOKEN"',
    'mkdir -p /run/secrets',
    '[ -z "${MY_CA+set}" ] || printf %s "$MY_CA" > /dev/shm/secret-ca',
    'ln -sf /dev/shm/secret-ca /run/secrets/ca',
    'unset ACME_TOKEN',
    'unset MY_CA',
    'umask 022',
    'exec sh',
  ]);
});

it.each([
  ['RUN echo one', 'base', 'echo one'],
  ['RUN ["python"', 'last-good-stage', "python -c 'print(1)'"],
  ['RUN cat', 'last-good-stage', 'cat > /f <<A && true\ntext\nA'],
])('the step %s', (start, stage, script) => {
  const debug = debugDockerfile(FOREIGN, at(start))!;
  expect(debug.stage).toBe(stage);
  expect(debug.text).toContain(`${STEP}\n${script}\nEND_OF`);
});

it('a step without a command has no script', () => {
  expect(debugDockerfile(FOREIGN, at('COPY missing'))).toMatchObject({ script: false });
});

it.each([
  ['a base image', at('FROM python')],
  ['a comment', 1],
  ['a line that is not there', 99],
])('there is nothing to look into before %s', (_, line) => {
  expect(debugDockerfile(FOREIGN, line)).toBeUndefined();
});

it('knows every instruction of our own Dockerfiles', () => {
  const text = designOf(below('apps/api', FLASK)).managed[0].text;
  const lines = text.split('\n');
  const all = instructionsOf(lines);
  expect(new Set(all.map(({ name }) => name))).toEqual(
    new Set(['FROM', 'RUN', 'COPY', 'ENV', 'WORKDIR', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']),
  );
  for (const { name, start } of all.filter((step) => step.name === 'RUN')) {
    const debug = debugDockerfile(text, start + 1)!;
    expect([name, debug.script, debug.text.includes('\nset -eu\n')]).toEqual(['RUN', true, true]);
  }
});
