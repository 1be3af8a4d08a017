import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProcessRunner } from '../process';
import { NotAnswered } from './not-answered';

type Environment = Readonly<Record<string, string | undefined>>;

/** How Docker's client is logged in to a registry. */
export type Credentials =
  | { readonly user: string; readonly password: string }
  /** Exchanged for tokens by the registry's token service. */
  | { readonly identityToken: string };

const entrySchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
const configSchema = z.object({
  auths: z.record(z.string(), entrySchema).nullish(),
  credsStore: z.string().nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
});
type Config = z.infer<typeof configSchema>;
/** What a credential helper prints. Source: docker-credential-helpers, "Development". */
const helperSchema = z.object({ Username: z.string(), Secret: z.string() });

/** As user name of a helper it says that the secret is an identity token. */
const TOKEN_USER = '<token>';

/**
 * The credentials that Docker's client keeps for a registry: in its configuration, in the credential helper named there,
 * or in DOCKER_AUTH_CONFIG. Source: "docker login", "Credential stores", "Credential helpers".
 *
 * @returns undefined where it keeps none
 * @throws NotAnswered where they are kept in a way that is not known here
 */
export async function credentialsOf(
  registry: string,
  start: ProcessRunner,
  env: Environment,
): Promise<Credentials | undefined> {
  const given = env['DOCKER_AUTH_CONFIG'];
  const ephemeral = given ? entryOf(parse(given), registry) : undefined;
  if (ephemeral) return ephemeral;
  const config = clientConfig(env);
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (!helper) return entryOf(config, registry);
  // Docker itself looks into the store alone, even where the file has an entry.
  return askHelper(helper, registry, start);
}

async function askHelper(
  helper: string,
  registry: string,
  start: ProcessRunner,
): Promise<Credentials | undefined> {
  if (!/^[\w.-]+$/.test(helper)) throw new NotAnswered('a credential helper of an unusual name');
  const { exitCode, stdout } = await start(`docker-credential-${helper}`, ['get'], {
    output: 'capture',
    input: registry,
    timeoutMs: 20_000,
  });
  if (exitCode !== 0) {
    if (/credentials not found/i.test(stdout)) return undefined;
    throw new NotAnswered('a credential helper that fails');
  }
  const { Username, Secret } = read(helperSchema, stdout);
  return Username === TOKEN_USER ? { identityToken: Secret } : { user: Username, password: Secret };
}

function entryOf({ auths }: Config, registry: string): Credentials | undefined {
  const entries = auths ?? {};
  const entry =
    entries[registry] ?? Object.entries(entries).find(([key]) => hostOf(key) === hostOf(registry))?.[1];
  if (!entry) return undefined;
  if (entry.registrytoken) throw new NotAnswered('a token of a kind of its own');
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  const [user, password] = entry.auth ? pairOf(entry.auth) : [entry.username, entry.password];
  return user && password ? { user, password } : undefined;
}

/** `user:password` in base64; a password may have colons. */
function pairOf(auth: string): readonly [string, string] {
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth, 'base64').toString()) ?? [];
  // Some clients end it with zeros.
  return [user, password.replace(/\0+$/, '')];
}

/** Keys may be addresses: `https://registry.example.com/v1/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0]!;
}

function clientConfig(env: Environment): Config {
  const path = join(env['DOCKER_CONFIG'] || join(homedir(), '.docker'), 'config.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new NotAnswered('a configuration of the client that cannot be read');
  }
  return parse(text);
}

function parse(text: string): Config {
  return read(configSchema, text);
}

function read<S extends z.ZodType>(schema: S, text: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Not its words: they may quote a password.
    throw new NotAnswered('credentials in a form that is not known');
  }
}
