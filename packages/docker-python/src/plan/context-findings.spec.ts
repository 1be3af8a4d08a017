import { contextFindings } from './context-findings';

const codes = (...files: [path: string, bytes: number][]): readonly string[] =>
  contextFindings(files.map(([path, bytes]) => ({ path, bytes }))).map(({ code }) => code);

describe('findings about the context', () => {
  it.each([
    'apps/api/server.pem',
    'apps/api/deploy/id_ed25519',
    'apps/api/client_secret_42.json',
    'apps/api/service-account.prod.json',
    'apps/api/.pypirc',
    'apps/api/secrets.yml',
  ])('%s looks like a secret', (path) => {
    expect(codes([path, 10])).toEqual(['SECRETS_IN_CONTEXT']);
  });

  it.each(['apps/api/secrets.py', 'apps/api/keys/__init__.py', 'apps/api/monkey', 'apps/api/credentials.py'])(
    '%s does not',
    (path) => {
      expect(codes([path, 10])).toEqual([]);
    },
  );

  it('fifty megabytes are the most that goes without saying', () => {
    expect(codes(['a', 25_000_000], ['b', 25_000_000])).toEqual([]);
    expect(codes(['a', 25_000_000], ['b', 25_000_001])).toEqual(['LARGE_CONTEXT']);
  });
});
