import type { Attestations, BuildRequest, LayerCache } from './types';

/** An argument vector. Pure functions make it; it never meets a shell. */
export type Argv = readonly string[];

/** `docker buildx build`. Source: the reference of that command, buildx 0.12 and later. */
export function buildArgv(request: BuildRequest): Argv {
  return [
    'buildx',
    'build',
    ...['--file', request.dockerfile],
    ...['--target', request.target],
    ...request.tags.flatMap((tag) => ['--tag', tag]),
    ...sorted(request.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...(request.platforms.length > 0 ? ['--platform', request.platforms.join(',')] : []),
    ...sorted(request.buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...request.inputs.argumentVariables.map((name) => `--build-arg=${name}`),
    ...request.inputs.emptyArguments.map((name) => `--build-arg=${name}=`),
    ...sorted(request.inputs.secretFiles).map(([id, file]) => `--secret=${csv({ id, src: file })}`),
    ...sorted(request.inputs.secretVariables).map(([id, env]) => `--secret=${csv({ id, env })}`),
    ...(request.inputs.ssh ? ['--ssh=default'] : []),
    ...(request.noCache ? ['--no-cache'] : []),
    ...(request.pull ? ['--pull'] : []),
    ...['--progress', request.progress],
    ...(request.builder === undefined ? [] : ['--builder', request.builder]),
    ...cacheArgv(request.layerCache),
    ...attestArgv(request.attestations),
    outputArgument(request.output),
    ...request.extraArgs,
    request.workspaceRoot,
  ];
}

function outputArgument(output: BuildRequest['output']): string {
  if (output === undefined) return '--load';
  return output === 'registry' ? '--push' : `--output=${csv({ type: 'local', dest: output.folder })}`;
}

/** A cache that cannot be written costs time later, and must not fail a build: forks have no right to write. */
function cacheArgv({ from, to }: LayerCache = { from: [] }): Argv {
  return [
    ...from.map((ref) => `--cache-from=${csv({ type: 'registry', ref })}`),
    ...(to === undefined
      ? []
      : [
          `--cache-to=${csv({ type: 'registry', ref: to.reference, mode: to.mode, 'ignore-error': 'true' })}`,
        ]),
  ];
}

/** A provenance attestation holds times: the same image would have another digest at every build. */
export function attestArgv({ sbom, provenance }: Attestations = {}): Argv {
  return [
    provenance === undefined ? '--provenance=false' : `--provenance=mode=${provenance}`,
    ...(sbom === undefined || sbom === false
      ? []
      : [sbom === true ? '--sbom=true' : `--sbom=${csv({ generator: sbom })}`]),
  ];
}

function sorted(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Fields of a buildx option, which is a line of CSV. Source: RFC 4180. */
function csv(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${value}`)
    .map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}
