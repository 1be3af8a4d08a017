import type { Finding } from '../detection/types';

/** A file of the context and its size. */
export interface SizedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Larger contexts are usually data that should come from elsewhere. */
const LARGE_CONTEXT = 50_000_000;

/** Names under which keys and passwords are kept. Content is not looked at. */
const SECRET_NAMES =
  /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|key|p12|pfx|kdbx|jks)|\.pypirc|\.htpasswd|credentials(\.json)?|secrets?\.(ya?ml|json|toml)|service[-_]account[^/]*\.json|client_secret[^/]*\.json)$/i;

/** What deserves attention in a context: files that look like secrets, and sheer size. */
export function contextFindings(files: readonly SizedFile[]): readonly Finding[] {
  const secrets = files.filter(({ path }) => SECRET_NAMES.test(path)).map(({ path }) => path);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    ...(secrets.length > 0
      ? [
          {
            code: 'SECRETS_IN_CONTEXT',
            message: `${secrets.slice(0, 3).join(', ')}${secrets.length > 3 ? ` and ${secrets.length - 3} more` : ''} would be part of the image, and looks like a secret.`,
            hint: 'Take it out with "exclude" in docker-python.json, and out of git if it is one.',
          },
        ]
      : []),
    ...(bytes > LARGE_CONTEXT
      ? [
          {
            code: 'LARGE_CONTEXT',
            message: `${(bytes / 1e6).toFixed(0)} MB would be sent to the engine and be part of the image.`,
            hint: 'Take out what is not needed at run time with "exclude" in docker-python.json.',
          },
        ]
      : []),
  ];
}
