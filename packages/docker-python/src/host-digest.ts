import { hostDigest, hostValues, type DigestQuestion } from './pipeline/host-values';

/**
 * What Nx runs to hash secrets without knowing them, and what a file gives variables of the host. Prints nothing but a digest, and never fails: a secret that is not
 * there is an error of the build, which can say so.
 *
 * @param words a {@link DigestQuestion} and perhaps `envFile`, as JSON in base64url
 */
function printableDigest(words: string): string {
  const question = JSON.parse(Buffer.from(words, 'base64url').toString()) as DigestQuestion & {
    readonly envFile?: string;
  };
  const { envFile } = question;
  const host = { workspaceRoot: process.cwd(), env: process.env };
  return hostDigest(question, hostValues(envFile === undefined ? host : { ...host, envFile }));
}

export = printableDigest;
