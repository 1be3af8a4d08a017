import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The proxies of a machine. Values may have a password in them. */
export interface Proxies {
  /** By variable in capitals: those of the environment, else those that the client is configured with. */
  readonly values: Readonly<Record<string, string>>;
  /** Variables of the environment, as they are written there. */
  readonly ofEnvironment: readonly string[];
  /** Variables, in both spellings, that the client itself gives to every build as arguments. */
  readonly ofClient: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables by their names in the configuration of the client. Source: "Use a proxy server with the Docker CLI". */
const NAMES = {
  HTTP_PROXY: 'httpProxy',
  HTTPS_PROXY: 'httpsProxy',
  FTP_PROXY: 'ftpProxy',
  NO_PROXY: 'noProxy',
  ALL_PROXY: 'allProxy',
} as const;

/** Which proxies build steps have to use (FEATURES B14). */
export function findProxies(env: Environment): Proxies {
  const configured = clientProxies(env);
  const names = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const spellings = names.flatMap((name) => [name, name.toLowerCase()]);
  const values = names.flatMap((name): [string, string][] => {
    const value = env[name] || env[name.toLowerCase()] || configured[NAMES[name]];
    return value ? [[name, value]] : [];
  });
  return {
    values: Object.fromEntries(values),
    ofEnvironment: spellings.filter((name) => env[name]),
    ofClient: spellings.filter((name) => configured[NAMES[name.toUpperCase() as keyof typeof NAMES]]),
  };
}

/** What `~/.docker/config.json` says for the engine in use; nothing where there is no such file. */
function clientProxies(env: Environment): Readonly<Partial<Record<string, string>>> {
  const folder = env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  try {
    const { proxies = {} } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
      proxies?: Record<string, Record<string, string>>;
    };
    return proxies[env['DOCKER_HOST'] ?? ''] ?? proxies['default'] ?? {};
  } catch {
    return {}; // the client says itself what is wrong with it
  }
}
