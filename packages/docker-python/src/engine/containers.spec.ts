import { dockerContainers } from './containers';
import { readConfig } from './image-config';
import type { ProcessResult } from './process';

const ID = 'a'.repeat(64);

/** A client that answers by the first word of a command and remembers what it was asked. */
function recording(answers: Readonly<Record<string, Partial<ProcessResult>>>, env = {}) {
  const asked: string[] = [];
  const containers = dockerContainers((_program, argv, options) => {
    asked.push(
      [...argv, ...Object.entries(options.env ?? {}).map((pair) => `{${pair.join('=')}}`)].join(' '),
    );
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...answers[argv[0]!] });
  }, env);
  return { containers, asked };
}

describe('containers', () => {
  it('are started with secrets in the environment, and know where their ports are', async () => {
    const { containers, asked } = recording({
      run: { stdout: `${ID}\n` },
      port: { stdout: '127.0.0.1:32768\n[::1]:32768' },
    });
    const container = await containers.run({
      image: 'api',
      env: { TOKEN: 't' },
      ports: [{ container: 8000 }],
    });
    expect(container.addresses).toEqual({ 8000: '127.0.0.1:32768' });
    expect(asked).toEqual([
      'run --detach --env=TOKEN --publish=127.0.0.1::8000 api {TOKEN=t}',
      `port ${ID} 8000/tcp`,
    ]);
  });

  it('of an engine elsewhere are reached at its host', async () => {
    const answers = { run: { stdout: ID }, port: { stdout: '0.0.0.0:32768\n[::]:32768' } };
    const { containers, asked } = recording(answers, { DOCKER_HOST: 'tcp://docker:2376' });
    const container = await containers.run({ image: 'api', ports: [{ container: 8000 }] });
    expect(container.addresses).toEqual({ 8000: 'docker:32768' });
    expect(asked[0]).toBe('run --detach --publish=0.0.0.0::8000 api');
  });

  it('that could not start are there all the same, so that their state says why', async () => {
    const { containers } = recording({
      run: {
        exitCode: 127,
        stdout: `${ID}\n`,
        stderr: 'docker: Error response from daemon: exec: "x": not found',
      },
      port: { exitCode: 1 },
    });
    const container = await containers.run({ image: 'api', ports: [{ container: 8000 }] });
    expect(container.addresses).toEqual({});
  });

  it('that an image lacks the program for are told from a docker that the machine lacks', async () => {
    const stderr =
      'docker: Error response from daemon: exec: "serve": executable file not found in $PATH: unknown.';
    const { containers } = recording({ run: { exitCode: 127, stderr } });
    await expect(containers.run({ image: 'api' })).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });

  it('without an id are an error of the engine', async () => {
    const { containers } = recording({
      run: { exitCode: 125, stderr: 'Cannot connect to the Docker daemon' },
    });
    await expect(containers.run({ image: 'api' })).rejects.toMatchObject({ code: 'ENGINE_NOT_RUNNING' });
  });

  it('tell their state', async () => {
    const state = {
      Running: false,
      ExitCode: 137,
      OOMKilled: true,
      Error: '',
    };
    const inspect = { stdout: JSON.stringify([{ Id: ID, State: state, Config: {} }]) };
    const { containers } = recording({ run: { stdout: ID }, container: inspect });
    expect(await (await containers.run({ image: 'api' })).state()).toEqual({
      running: false,
      exitCode: 137,
      oomKilled: true,
      error: '',
    });
  });

  it('are listed by label with all their labels, even if one has gone meanwhile', async () => {
    const listing = JSON.stringify([{ Id: ID, State: {}, Config: { Labels: { a: '1' } } }]);
    const { containers, asked } = recording({
      ps: { stdout: `${ID}\nbbb` },
      container: { exitCode: 1, stdout: listing },
    });
    expect(await containers.list('a')).toEqual([{ id: ID, labels: { a: '1' } }]);
    expect(asked[0]).toBe('ps --all --no-trunc --filter=label=a --format={{.ID}}');
  });

  it('are removed, also when they have gone', async () => {
    const { containers, asked } = recording({ rm: { exitCode: 1, stderr: 'Error: No such container: x' } });
    await containers.removeAll(['x', 'y']);
    await containers.removeAll([]);
    expect(asked).toEqual(['rm --force --volumes x y']);
  });
});

it('reads how an image is run', () => {
  const config = {
    User: '10001:0',
    Entrypoint: ['tini', '--'],
    Cmd: ['web'],
    Env: ['PATH=/bin', 'EMPTY=', 'TWO=a=b'],
    ExposedPorts: { '8000/tcp': {} },
    StopSignal: 'SIGINT',
    Healthcheck: { Test: ['CMD', 'python'], Timeout: 20_000_000_000 },
  };
  expect(readConfig(JSON.stringify([{ Config: config }]))).toMatchObject({
    user: '10001:0',
    env: { PATH: '/bin', EMPTY: '', TWO: 'a=b' },
    ports: [8000],
    stopSignal: 'SIGINT',
    healthCheck: ['CMD', 'python'],
    healthTimeoutMs: 20_000,
  });
  expect(readConfig(JSON.stringify([{ Config: {} }]))).toMatchObject({
    user: '',
    stopSignal: 'SIGTERM',
    healthCheck: [],
    healthTimeoutMs: 30_000,
  });
});
