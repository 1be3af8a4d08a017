import { posix } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import { stringAt, valueAt } from '../detection/toml';
import type { DigestQuestion } from '../pipeline/host-values';
import type * as BuildEnvironment from '../settings/build-environment';
import { digested, hostNeeds, type HostNeeds } from '../settings/host-needs';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/**
 * What the Nx hash has of the build environment: variables of the host by their values, what a file gives them by its
 * digest, secrets by their digest under the committed salt. What rotates is not in it. Broken settings have no such
 * inputs; the target says what is wrong.
 */
export function buildEnvironmentInputs(root: string, settings: object): Inputs {
  const needs = needsOf(settings);
  const salt = stringAt(settings, 'secretsSalt');
  const buildEnvFile = stringAt(settings, 'buildEnvFile');
  const variables = needs.variables.map(({ env }) => env);
  const lasting = digested(needs);
  // Nx does not see what a file gives a variable that is not set.
  const fromFile = buildEnvFile === undefined ? [] : variables;
  const hidden: DigestQuestion =
    salt === undefined
      ? { variables: withoutSecrets(fromFile, needs), files: [] }
      : { salt, variables: [...lasting.variables, ...fromFile], files: lasting.files };
  return [
    ...variables.map((env) => ({ env })),
    ...(hidden.variables.length + hidden.files.length === 0
      ? []
      : [
          {
            runtime: digestCommand({
              ...hidden,
              ...(buildEnvFile === undefined ? {} : { envFile: posix.join(root, buildEnvFile) }),
            }),
          },
        ]),
  ];
}

/** Without a salt, a digest would tell whether a guess of a secret is right. */
function withoutSecrets(variables: readonly string[], { secrets }: HostNeeds): readonly string[] {
  return variables.filter((name) => !secrets.some((secret) => 'env' in secret && secret.env === name));
}

/** The settings of the workspace and of a project; variables of both count. */
export function withBuildEnv(defaults: object | undefined, own: object): object {
  const [before, after] = [valueAt(defaults, 'buildEnv'), valueAt(own, 'buildEnv')];
  const both = isTable(before) && isTable(after) ? { buildEnv: { ...before, ...after } } : {};
  return { ...defaults, ...own, ...both };
}

function needsOf(settings: object): HostNeeds {
  const buildEnv = valueAt(settings, 'buildEnv');
  if (buildEnv === undefined) return hostNeeds({});
  // Loaded where there is something to check: the schemas take an eighth of a second, which every graph would wait for.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { buildEnvironmentShape } = require('../settings/build-environment') as typeof BuildEnvironment;
  const parsed = buildEnvironmentShape.buildEnv.safeParse(buildEnv);
  return hostNeeds(parsed.success ? parsed.data : {});
}

/** Nx runs it in the root of the workspace. Quoted so that every shell gives node the same words. */
function digestCommand(question: object): string {
  const words = Buffer.from(JSON.stringify(question)).toString('base64url');
  return `node -p "require('docker-python/host-digest')('${words}')"`;
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
