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

/** Systems that keep certificates in a store: the keychain of macOS, the certificate store of Windows. */
const STORES: readonly NodeJS.Platform[] = ['darwin', 'win32'];

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
 * @param certificates reads the store of the system
 * @throws DockerPythonError CA_BUNDLE_MISSING if a path is set and nothing is there
 */
export function findCaBundle(
  setting: string | false,
  workspaceRoot: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  certificates: () => readonly string[] = storedCertificates,
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
  // What lies in a file there is not what an administrator has added to the store.
  const store = STORES.includes(platform) ? certificates() : [];
  if (named === undefined && store.length > 0) return temporaryBundle(store);
  const path = named ?? SYSTEM_BUNDLES.find((candidate) => existsSync(candidate));
  return path === undefined ? nothing : { path: resolve(path), ...nothing };
}

/** What the store of the system has, and what everybody trusts; nothing before Node.js 22.15. */
function storedCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system' | 'extra') => string[] };
  if (!getCACertificates) return [];
  return [
    ...new Set([...getCACertificates('system'), ...getCACertificates('extra'), ...tls.rootCertificates]),
  ];
}

function temporaryBundle(certificates: readonly string[]): CaBundle {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-ca-'));
  const path = join(folder, 'ca.pem');
  writeFileSync(path, certificates.join('\n'), { mode: 0o600 });
  return { path, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
