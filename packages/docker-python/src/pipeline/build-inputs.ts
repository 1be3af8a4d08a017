import { posix } from 'node:path';
import { findCaBundle } from '../engine/ca-bundle';
import { findProxies } from '../engine/proxies';
import type { BuildInputs } from '../engine/types';
import { DockerPythonError } from '../errors';
import { DIGEST_ARGUMENT } from '../render/build-environment';
import { PASSWORD_IN_URL } from '../settings/build-variables';
import { digested, hostNeeds, type SecretNeed } from '../settings/host-needs';
import type { Settings } from '../settings/schema';
import type { ImageDesign } from './design-image';
import { proxyInputs } from './proxy-inputs';
import { hasSshAgent, hostDigest, hostValues, isThere, type HostValues } from './host-values';

/** What a build is given beside the sources, and how to clean up after it. */
export interface GatheredInputs {
  /** Values of the host that are no secrets, and the digest of those that are. They belong to the content key. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly inputs: BuildInputs;
  dispose(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Gathers what the steps of a design get from this machine: values, secrets, certificates, proxies, the SSH agent.
 *
 * @param workspaceRoot absolute
 * @param env of this process
 * @param dockerfile text of the one that is built, if it is none of ours
 * @throws DockerPythonError BUILD_VARIABLE_MISSING, SSH_AGENT_MISSING, CA_BUNDLE_MISSING, INVALID_SETTINGS,
 *   ATTEST_UNSUPPORTED
 */
export function gatherBuildInputs(
  design: ImageDesign,
  workspaceRoot: string,
  env: Environment,
  dockerfile: string = design.managed[0].text,
  platform: NodeJS.Platform = process.platform,
): GatheredInputs {
  const { settings } = design.settings;
  const { secrets } = hostNeeds(settings.buildEnv);
  const values = valuesOf(design, workspaceRoot, env);
  const buildArgs = argumentsOf(settings, values, design.project.root);
  if (settings.ssh === true && !hasSshAgent(env, platform)) throw agentMissing(env);
  const proxies = proxyInputs(findProxies(env), dockerfile, settings);
  const bundle = findCaBundle(settings.caBundle ?? 'auto', workspaceRoot, env);
  return {
    buildArgs,
    inputs: {
      secretFiles: {
        ...(bundle.path === undefined ? {} : { ca: bundle.path }),
        ...byName(secrets, (secret) => ('file' in secret ? values.path(secret.file) : undefined)),
      },
      secretVariables: {
        ...byName(secrets, (secret) => ('env' in secret ? secret.env : undefined)),
        ...proxies.secretVariables,
      },
      argumentVariables: proxies.argumentVariables,
      emptyArguments: proxies.emptyArguments,
      env: {
        ...byName(
          secrets.flatMap((secret) => ('env' in secret ? [{ ...secret, name: secret.env }] : [])),
          ({ name }) => values.fromFile[name],
        ),
        ...proxies.env,
      },
      ssh: settings.ssh === true,
    },
    dispose: () => bundle.dispose(),
  };
}

/**
 * The build arguments alone: what of the build environment belongs to the content key.
 *
 * @throws DockerPythonError BUILD_VARIABLE_MISSING, INVALID_SETTINGS
 */
export function environmentArguments(
  design: ImageDesign,
  workspaceRoot: string,
  env: Environment,
): Readonly<Record<string, string>> {
  return argumentsOf(design.settings.settings, valuesOf(design, workspaceRoot, env), design.project.root);
}

function valuesOf(
  { settings: { settings }, project }: ImageDesign,
  workspaceRoot: string,
  env: Environment,
): HostValues {
  const { buildEnvFile } = settings;
  const envFile = buildEnvFile === undefined ? undefined : posix.join(project.root, buildEnvFile);
  if (envFile !== undefined && !isThere(workspaceRoot, envFile)) {
    throw new DockerPythonError({
      code: 'BUILD_VARIABLE_MISSING',
      message: `"buildEnvFile" is ${JSON.stringify(buildEnvFile)}, but ${envFile} is not there.`,
      hint: 'Write it, and keep it out of git; or remove the setting where the variables are set, as in CI.',
    });
  }
  return hostValues({ workspaceRoot, env, ...(envFile === undefined ? {} : { envFile }) });
}

function argumentsOf(settings: Settings, values: HostValues, root: string): Readonly<Record<string, string>> {
  const needs = hostNeeds(settings.buildEnv);
  for (const secret of needs.secrets) refuseMissing(secret, values);
  const plain = needs.variables.map(({ name, env }) => [name, plainValue(name, env, values)] as const);
  const lasting = digested(needs);
  if (lasting.variables.length + lasting.files.length === 0) return Object.fromEntries(plain);
  const salt = settings.secretsSalt;
  if (salt === undefined) throw saltMissing(root);
  return { ...Object.fromEntries(plain), [DIGEST_ARGUMENT]: hostDigest({ salt, ...lasting }, values) };
}

function byName<T extends { readonly name: string }>(
  entries: readonly T[],
  value: (entry: T) => string | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const found = value(entry);
      return found === undefined ? [] : [[entry.name, found]];
    }),
  );
}

/** An empty secret is none: that is what CI systems make of one that they do not have. */
function refuseMissing(secret: SecretNeed, values: HostValues): void {
  const value = 'env' in secret ? values.variable(secret.env) : values.text(secret.file);
  if (value !== undefined && value.trim() !== '') return;
  const place = 'env' in secret ? `the variable ${secret.env}` : `the file ${secret.file}`;
  throw new DockerPythonError({
    code: 'BUILD_VARIABLE_MISSING',
    message: `The build needs the secret ${secret.name}, and ${place} is ${value === undefined ? 'not there' : 'empty'}.`,
    hint:
      'env' in secret
        ? `Set ${secret.env} where you build: export it, give the CI job the secret of that name, or write it into a file that "buildEnvFile" names.`
        : `Put it there, or change "buildEnv.${secret.name}" in docker-python.json.`,
  });
}

/** @throws DockerPythonError for one that is not set, or that has a password in it */
function plainValue(name: string, env: string, values: HostValues): string {
  const value = values.variable(env);
  if (value === undefined) {
    throw new DockerPythonError({
      code: 'BUILD_VARIABLE_MISSING',
      message: `"buildEnv.${name}" is the variable ${env} of the host, which is not set.`,
      hint: `Set ${env} (it may be empty), or write a value instead of { "env": "${env}" }.`,
    });
  }
  if (!PASSWORD_IN_URL.test(value)) return value;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `The variable ${env} has a password in it, and "buildEnv.${name}" would leave it in arguments and logs.`,
    hint: `Write it as a secret: "${name}": { "secret": { "env": "${env}" } }.`,
  });
}

function saltMissing(root: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"buildEnv" has a secret, and there is no "secretsSalt", under which a change of it is noticed.`,
    hint: `Run "npx nx g docker-python:setup ${root}", which writes one, and commit it. Of a secret in the "defaults" of nx.json: write one there, random text of 16 characters or more, for all projects. For short-lived tokens: "rotates": true.`,
  });
}

function agentMissing(env: Environment): DockerPythonError {
  const socket = env['SSH_AUTH_SOCK'];
  return new DockerPythonError({
    code: 'SSH_AGENT_MISSING',
    message: `"ssh" is on, but no SSH agent runs: SSH_AUTH_SOCK is ${socket ? `${socket}, where nothing is` : 'not set'}.`,
    hint: 'Start one and give it your key:\n\n  eval "$(ssh-agent -s)"\n  ssh-add',
  });
}
