import type { Argv } from '../types';
import { isPort } from './dockerfile-text';

/** How a server is told where to listen: one option with `host:port`, or two. `standard`: where it listens if told nothing. */
interface Listener {
  readonly bind?: readonly string[];
  readonly host?: readonly string[];
  readonly port?: readonly string[];
  /** The program's own default. */
  readonly standard: number;
  /** Options that say that a configuration file decides. */
  readonly configured?: readonly string[];
  /** The subcommand that serves; with another one the program opens no port. */
  readonly sub?: string;
  /** Whether it listens on all interfaces by itself. */
  readonly open?: boolean;
}

const LISTENERS: Readonly<Record<string, Listener>> = {
  gunicorn: { bind: ['--bind', '-b'], standard: 8000, configured: ['--config', '-c'] },
  hypercorn: { bind: ['--bind', '-b'], standard: 8000, configured: ['--config', '-c'] },
  uvicorn: { host: ['--host'], port: ['--port'], standard: 8000, configured: ['--uds', '--fd'] },
  granian: { host: ['--host'], port: ['--port'], standard: 8000, configured: ['--uds'] },
  daphne: {
    host: ['--bind', '-b'],
    port: ['--port', '-p'],
    standard: 8000,
    configured: ['--endpoint', '-e', '-u', '--unix-socket'],
  },
  'waitress-serve': {
    bind: ['--listen'],
    standard: 8080,
    configured: ['--host', '--port', '--unix-socket'],
    open: true,
  },
  sanic: { host: ['--host', '-H'], port: ['--port', '-p'], standard: 8000 },
  fastapi: { sub: 'run', host: ['--host'], port: ['--port'], standard: 8000, open: true },
  flask: { sub: 'run', host: ['--host', '-h'], port: ['--port', '-p'], standard: 5000 },
  litestar: { sub: 'run', host: ['--host', '-H'], port: ['--port', '-p'], standard: 8000 },
  streamlit: { sub: 'run', host: ['--server.address'], port: ['--server.port'], standard: 8501, open: true },
  chainlit: { sub: 'run', host: ['--host'], port: ['--port'], standard: 8000 },
  panel: { sub: 'serve', host: ['--address'], port: ['--port'], standard: 5006 },
  bokeh: { sub: 'serve', host: ['--address'], port: ['--port'], standard: 5006 },
  shiny: { sub: 'run', host: ['--host', '-h'], port: ['--port', '-p'], standard: 8000 },
  solara: { sub: 'run', host: ['--host'], port: ['--port'], standard: 8765 },
  marimo: { sub: 'run', host: ['--host'], port: ['--port', '-p'], standard: 2718 },
  locust: { host: ['--web-host'], port: ['--web-port', '-P'], standard: 8089, open: true },
  uwsgi: {
    bind: ['--http', '--http-socket', '--socket', '-s'],
    standard: 8000,
    configured: ['--ini', '--yaml', '--xml', '--json'],
    open: true,
  },
};

/** Addresses that cannot be reached from outside of a container. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/**
 * Makes a command that somebody wrote fit for a container: it listens on all interfaces, and on the port the user
 * set. Everything else stays as it is.
 *
 * @param fallback the port to listen on where the command says none; undefined: the program's own
 * @returns the command and its port; no port for programs that serve nothing
 */
export function forContainer(
  argv: Argv,
  wanted: number | undefined,
  fallback: (standard: number) => number,
): { readonly command: Argv; readonly port?: number } {
  const start = argv.findIndex((word) => Object.hasOwn(LISTENERS, word));
  const listener = start === -1 ? undefined : LISTENERS[argv[start]!]!;
  if (!listener) return unknownProgram(argv, wanted);
  if (listener.sub !== undefined && !argv.includes(listener.sub)) return { command: argv };
  const words = [...argv];
  if (words.some((word) => isConfiguration(word, listener)) && !find(words, listener.bind)) {
    return { command: words, port: wanted ?? fallback(listener.standard) };
  }
  return listener.bind
    ? bindTo(words, listener.bind, { wanted, fallback, listener })
    : hostAndPort(words, listener, wanted, fallback);
}

/** An argument `0.0.0.0:5232` can mean only one thing, whatever the program. */
function unknownProgram(
  argv: Argv,
  wanted: number | undefined,
): { readonly command: Argv; readonly port?: number } {
  const said = argv.flatMap(
    (word) => /(?:^|[=,/])(?:0\.0\.0\.0|\[::\]):(\d{1,5})\b/.exec(word)?.[1] ?? [],
  )[0];
  if (said === undefined || !isPort(Number(said))) return { command: argv };
  const port = wanted ?? Number(said);
  return { command: argv.map((word) => word.replaceAll(`:${said}`, `:${port}`)), port };
}

/** Whether a word says that something else than the command line decides where to listen. */
function isConfiguration(word: string, { configured }: Listener): boolean {
  return /\.(ini|toml|ya?ml|xml|json)$/.test(word) && configured?.includes('--ini') === true
    ? true
    : (configured ?? []).some((option) => word === option || word.startsWith(`${option}=`));
}

interface Choice {
  readonly wanted: number | undefined;
  readonly fallback: (standard: number) => number;
  readonly listener: Listener;
}

function bindTo(
  words: string[],
  options: readonly string[],
  { wanted, fallback, listener }: Choice,
): { command: Argv; port?: number } {
  const place = find(words, options);
  if (!place) {
    const port = wanted ?? fallback(listener.standard);
    const at = words.findIndex((word) => Object.hasOwn(LISTENERS, word));
    return {
      command: [...words.slice(0, at + 1), options[0]!, `0.0.0.0:${port}`, ...words.slice(at + 1)],
      port,
    };
  }
  const match = /^(?:(.*):)?(\d+)$/.exec(place.value);
  if (!match)
    return /^(unix|fd):/.test(place.value)
      ? { command: words }
      : { command: words, port: wanted ?? fallback(listener.standard) };
  const port = wanted ?? Number(match[2]);
  const host =
    match[1] === undefined || LOOPBACK.test(match[1])
      ? match[1] === undefined && listener.open
        ? ''
        : '0.0.0.0'
      : match[1];
  place.set(
    match[1] === undefined && port === Number(match[2]) && host === '' ? place.value : `${host}:${port}`,
  );
  return { command: words, ...(isPort(port) ? { port } : {}) };
}

function hostAndPort(
  words: string[],
  listener: Listener,
  wanted: number | undefined,
  fallback: (standard: number) => number,
): { command: Argv; port?: number } {
  const host = find(words, listener.host);
  if (host && LOOPBACK.test(host.value)) host.set('0.0.0.0');
  else if (!host && !listener.open) words.push(listener.host![0]!, '0.0.0.0');
  const place = find(words, listener.port);
  const said = place && /^\d+$/.test(place.value) ? Number(place.value) : undefined;
  const port = wanted ?? said ?? fallback(listener.standard);
  if (place && port !== said) place.set(`${port}`);
  else if (!place) words.push(listener.port![0]!, `${port}`);
  return { command: words, ...(isPort(port) ? { port } : {}) };
}

/** The value of the first of these options, in any of the spellings `--port 1`, `--port=1`, `-p1`. */
function find(
  words: string[],
  options: readonly string[] | undefined,
): { value: string; set(value: string): void } | undefined {
  for (const option of options ?? []) {
    for (let at = 0; at < words.length; at++) {
      const word = words[at]!;
      const short = !option.startsWith('--');
      if (word === option && words[at + 1] !== undefined)
        return { value: words[at + 1]!, set: (value) => void (words[at + 1] = value) };
      const glue = word.startsWith(`${option}=`)
        ? `${option}=`
        : short && word.startsWith(option) && /^\d|^:/.test(word.slice(option.length))
          ? option
          : undefined;
      if (glue !== undefined)
        return { value: word.slice(glue.length), set: (value) => void (words[at] = glue + value) };
    }
  }
  return undefined;
}
