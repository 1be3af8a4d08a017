import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../testing/failures';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { findCaBundle } from './ca-bundle';

describe('findCaBundle', () => {
  const root = tempFolder();
  writeFiles(root, { 'certs/ca.pem': 'x', 'other.pem': 'y' });
  const at = (...path: string[]): string => join(root, ...path);

  it('takes a file of the workspace or an absolute one', () => {
    expect(findCaBundle('certs/ca.pem', root, {}).path).toBe(at('certs/ca.pem'));
    expect(findCaBundle(at('other.pem'), '/elsewhere', {}).path).toBe(at('other.pem'));
  });

  it('says which file is missing, instead of building without it', () => {
    expect(failureOf(() => findCaBundle('gone.pem', root, {}))).toMatchObject({
      code: 'CA_BUNDLE_MISSING',
      message: expect.stringContaining('gone.pem'),
    });
  });

  it('takes nothing where it is switched off', () => {
    expect(findCaBundle(false, root, { SSL_CERT_FILE: at('other.pem') }).path).toBeUndefined();
  });

  it.each(['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'PIP_CERT', 'CURL_CA_BUNDLE'])(
    'follows %s of the host',
    (name) => {
      expect(findCaBundle('auto', root, { [name]: at('other.pem') }).path).toBe(at('other.pem'));
    },
  );

  it('passes over a variable that is empty or names nothing', () => {
    const env = { SSL_CERT_FILE: '', REQUESTS_CA_BUNDLE: at('gone.pem'), PIP_CERT: at('other.pem') };
    expect(findCaBundle('auto', root, env).path).toBe(at('other.pem'));
  });

  it.each(['darwin', 'win32'] as const)('exports the store of %s, and cleans up', (platform) => {
    const bundle = findCaBundle('auto', root, {}, platform, () => ['-----A-----', '-----B-----']);
    expect(readFileSync(bundle.path!, 'utf8')).toBe('-----A-----\n-----B-----');
    bundle.dispose();
    expect(existsSync(bundle.path!)).toBe(false);
  });

  it('prefers a variable to the store, and asks no store where there is none', () => {
    const asked = (): string[] => ['-----A-----'];
    const named = { PIP_CERT: at('other.pem') };
    expect(findCaBundle('auto', root, named, 'darwin', asked).path).toBe(at('other.pem'));
    expect(findCaBundle('auto', root, named, 'linux', asked).path).toBe(at('other.pem'));
  });

  it('leaves files that are not its own alone', () => {
    findCaBundle('certs/ca.pem', root, {}).dispose();
    expect(existsSync(at('certs/ca.pem'))).toBe(true);
  });
});
