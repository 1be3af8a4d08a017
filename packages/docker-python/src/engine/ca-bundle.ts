import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as tls from 'node:tls';
import { DockerPythonError } from '../errors';

/** A PEM file for build steps, and how to clean up after it. */
export interface CaBundle {
  /** Absolute path, or undefined if build steps should trust what their image trusts. */
  readonly path?: string;
  dispose(): void;
}

/** Variables by which a host says where its whole bundle is, as OpenSSL, requests, pip and curl read them. */
const VARIABLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'PIP_CERT', 'CURL_CA_BUNDLE'];

/** Where distributions keep the system's bundle: Debian, RHEL, SUSE, Alpine. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Finds the certificates that build steps have to trust (FEATURES B13).
 * Where the system has no file but a store (macOS, Windows), the store is written to a temporary file.
 *
 * @param setting `auto`, a path relative to the workspace, or false
 * @throws DockerPythonError CA_BUNDLE_MISSING if a path is set and nothing is there
 */
export function findCaBundle(
  setting: string | false,
  workspaceRoot: string,
  env: Readonly<Record<string, string | undefined>>,
): CaBundle {
  const nothing = { dispose: () => undefined };
  if (setting === false) return nothing;
  if (setting !== 'auto') {
    const path = resolve(workspaceRoot, setting);
    if (existsSync(path)) return { path, ...nothing };
    throw new DockerPythonError({
      code: 'CA_BUNDLE_MISSING',
      message: `"caBundle" is ${JSON.stringify(setting)}, but there is no such file.`,
      hint: 'Give a PEM file, relative to the workspace or absolute, or remove the setting.',
    });
  }
  const named = VARIABLES.map((name) => env[name]).find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
  const path = named ?? SYSTEM_BUNDLES.find((candidate) => existsSync(candidate));
  if (path !== undefined) return { path: resolve(path), ...nothing };
  const store =
    (tls as { getCACertificates?: (type: 'system') => string[] }).getCACertificates?.('system') ?? [];
  return store.length > 0 ? temporaryBundle(store) : nothing;
}

function temporaryBundle(certificates: readonly string[]): CaBundle {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-ca-'));
  const path = join(folder, 'ca.pem');
  writeFileSync(path, certificates.join('\n'), { mode: 0o600 });
  return { path, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
