import { existsSync } from 'node:fs';
import { UV_VERSION } from '../../packages/docker-python/src/detection/managers/tools';
import { run } from '../shell';

/** Where hosts keep their certificates: containers behind a TLS-inspecting proxy have to trust them too. */
const BUNDLES = [
  process.env['SSL_CERT_FILE'],
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
];

/** The host's certificates as one PEM file, if there is one. */
export function hostCaBundle(): string | undefined {
  return BUNDLES.find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** Options of `docker run` by which Python tools in a container trust what the host trusts. */
export function trustOfHost(): readonly string[] {
  const bundle = hostCaBundle();
  if (bundle === undefined) return [];
  const variables = ['SSL_CERT_FILE', 'PIP_CERT'].map((name) => `--env=${name}=/run/ca.pem`);
  return ['-v', `${bundle}:/run/ca.pem:ro`, ...variables];
}

/**
 * Runs uv for a folder, in a container: a machine that has only an engine can do it. Lock files name the index
 * that they were made with, so fixtures get theirs on the machine that builds them.
 *
 * @param folder absolute path of the project or workspace
 * @param argv arguments of uv: `['lock']`, `['lock', '--upgrade-package', 'x']`
 */
export async function uv(folder: string, argv: readonly string[], image?: string): Promise<string> {
  const [program, ...options] = uvCommand(folder, image);
  return run(program!, [...options, ...argv]);
}

/**
 * Shell words that install a package into `/cache/<program>`, unless its program is there. Containers that share the
 * volume wait for each other.
 */
export function onceInCache(program: string, requirement: string): string {
  const folder = `/cache/${program}`;
  const install = `python -m venv ${folder} && ${folder}/bin/pip install -q ${requirement}`;
  return `flock /cache/lock sh -c '[ -x ${folder}/bin/${program} ] || { ${install}; }'`;
}

/** The command that does it, to which arguments of uv are added. */
export function uvCommand(folder: string, image = 'python:3.13-slim-trixie'): readonly string[] {
  const script = `${onceInCache('uv', `uv==${UV_VERSION}`)} && exec /cache/uv/bin/uv "$@"`;
  return [
    ...['docker', 'run', '--rm', '--env=UV_CACHE_DIR=/cache/data', '--env=UV_PYTHON_DOWNLOADS=never'],
    ...['-v', `docker-python-uv-${UV_VERSION}:/cache`, '-v', `${folder}:/src`, '-w', '/src'],
    ...trustOfHost(),
    ...[image, 'sh', '-c', script, 'uv'],
  ];
}
