import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../tools/shell';

/** A certificate authority that nobody knows, and a certificate that it signed. All of it PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Made by the `openssl` of the machine, which whatever has certificates for TLS brings along. */
export async function makeCertificates(hosts: readonly string[]): Promise<Certificates> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-ca-'));
  const at = (name: string): string => join(folder, name);
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  const openssl = (...argv: string[]): Promise<string> => run('openssl', argv);
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  try {
    writeFileSync(at('ext'), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`);
    const ca = ['-addext', 'keyUsage=critical,keyCertSign', '-subj', '/CN=test authority', '-days', '2'];
    await openssl('req', '-x509', ...key, ...ca, '-keyout', at('ca.key'), '-out', at('ca.pem'));
    await openssl('req', ...key, '-subj', '/CN=test server', '-keyout', at('key'), '-out', at('csr'));
    const sign = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2'];
    await openssl('x509', '-req', '-in', at('csr'), ...sign, '-extfile', at('ext'), '-out', at('cert'));
    return { ca: text('ca.pem'), cert: text('cert'), key: text('key') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
