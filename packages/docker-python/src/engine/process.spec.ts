import { processRunner, runProcess, runUndisturbed, type ProcessOptions } from './process';

const node = (script: string, ...argv: string[]): ReturnType<typeof runProcess> =>
  runProcess(process.execPath, ['-e', script, '--', ...argv], { output: 'capture' });

describe('runProcess', () => {
  it('gives exit code and output', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result).toEqual({ exitCode: 3, stdout: 'out', stderr: 'err' });
  });

  it('says 127 for a program that does not exist, and names it', async () => {
    const result = await runProcess('no-such-program-anywhere', [], { output: 'capture' });
    expect(result.exitCode).toBe(127);
    expect(result.stderr).toContain('no-such-program-anywhere');
  });

  it('does not fail for a process that a signal ends', async () => {
    const result = await node('process.kill(process.pid, "SIGKILL")');
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain('SIGKILL');
  });

  it('hands over arguments as they are', async () => {
    const argv = ['a b', '$HOME', '"', "'", '*', '', '\n', '`x`', '&& false'];
    const { stdout } = await node('console.log(JSON.stringify(process.argv.slice(1)))', ...argv);
    expect(JSON.parse(stdout)).toEqual(argv);
  });

  it('adds to the environment and closes the input', async () => {
    const script =
      'process.stdin.resume().on("end", () => console.log(process.env.ADDED, Boolean(process.env.PATH)))';
    const { stdout } = await runProcess(process.execPath, ['-e', script], {
      output: 'capture',
      env: { ADDED: 'x' },
    });
    expect(stdout).toBe('x true');
  });

  it('lets a process say as much as it likes and keeps the end, which says why it failed', async () => {
    const script =
      'const line = "x".repeat(1023) + "\\n"; for (let i = 0; i < 10240; i++) process.stdout.write(line); process.stdout.write("the end", () => process.exit(5))';
    const { exitCode, stdout } = await node(script);
    expect(exitCode).toBe(5);
    expect(stdout.endsWith('the end')).toBe(true);
  });

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    await node('');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

it.each([
  ['runProcess', runProcess],
  ['runUndisturbed', runUndisturbed],
])('%s ends a process that takes too long', async (_name, run) => {
  const began = performance.now();
  const argv = ['-e', 'setTimeout(() => {}, 60000)'];
  expect(await run(process.execPath, argv, { output: 'capture', timeoutMs: 300 })).toMatchObject({
    exitCode: 124,
  });
  expect(performance.now() - began).toBeLessThan(10_000);
});

describe('a question whose answer lasts', () => {
  const argv = (exitCode: number) => [
    '-e',
    `console.log(process.hrtime.bigint()); process.exitCode = ${exitCode}`,
  ];
  const asked = async (exitCode: number, lasting?: ProcessOptions['lasting']): Promise<number> => {
    const start = processRunner();
    const ask = () =>
      start(process.execPath, argv(exitCode), { output: 'capture', ...(lasting && { lasting }) });
    const answers = [...(await Promise.all([ask(), ask()])), await ask()];
    return new Set(answers.map(({ stdout }) => stdout)).size;
  };

  it('is asked once, at the same time as well; every other one is asked each time', async () => {
    expect(await asked(0, 'yes')).toBe(1);
    expect(await asked(0)).toBe(3);
  });

  it('is asked again for work that has other variables', async () => {
    const start = processRunner();
    const ask = () => start(process.execPath, argv(0), { output: 'capture', lasting: 'yes' });
    const before = process.env;
    const first = await ask();
    try {
      process.env = { ...before };
      expect(await ask()).not.toEqual(first);
    } finally {
      process.env = before;
    }
    expect(await ask()).toEqual(first);
  });

  it('is asked again where the answer was no, unless that lasts too', async () => {
    expect(await asked(1, 'yes')).toBe(2);
    expect(await asked(1, 'any')).toBe(1);
  });
});
