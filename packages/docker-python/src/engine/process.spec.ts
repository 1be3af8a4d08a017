import { runProcess, runUndisturbed } from './process';

describe.each([
  ['runProcess', runProcess],
  ['runUndisturbed', runUndisturbed],
])('%s', (_name, run) => {
  it('gives code and output of a process that fails', async () => {
    const script = 'process.stdout.write(process.env.WORD); process.stderr.write("bad"); process.exit(3)';
    expect(await run(process.execPath, ['-e', script], { output: 'capture', env: { WORD: 'good' } })).toEqual(
      {
        exitCode: 3,
        stdout: 'good',
        stderr: 'bad',
      },
    );
  });

  it('says 127 for a program that does not exist', async () => {
    expect(await run('no-such-program-anywhere', [], { output: 'capture' })).toMatchObject({ exitCode: 127 });
  });

  it('ends a process that takes too long', async () => {
    const began = performance.now();
    const result = await run(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], {
      output: 'capture',
      timeoutMs: 300,
    });
    expect(result.exitCode).toBe(124);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
