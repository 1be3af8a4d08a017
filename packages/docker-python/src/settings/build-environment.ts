import { z } from 'zod';
import { buildVariable, PASSWORD_IN_URL, SECRET_NAME } from './build-variables';
import { envName, line, text } from './values';

/** Settings that say what build steps get beside the sources: variables, secrets, SSH, mirrors. */

/** An index of Python packages. Credentials are variables of `buildEnv`. */
export const indexUrl = text
  .regex(/^https?:\/\/[^\s'"`\\]+$/, 'is no URL of an index')
  .refine(
    (url) => !PASSWORD_IN_URL.test(url),
    'has a password in it: write ${NAME} and set NAME in "buildEnv"',
  );

const secretSource = z.union([
  z.strictObject({ env: envName.describe('Variable of the host') }),
  z.strictObject({
    file: text.describe('File of the host: absolute, after ~/, or relative to the workspace'),
    as: z
      .enum(['text', 'path'])
      .optional()
      .describe(
        'Whether the variable holds the text of the file or the path of its mount. Default: path for NETRC and names that end in _FILE, _CERT or _BUNDLE, else text',
      ),
  }),
]);

const buildValue = z.union([
  line.refine(
    (value) => !PASSWORD_IN_URL.test(value),
    'has a password in it, which would be committed and stay in the image: use { "secret": { "env": ... } }',
  ),
  z.strictObject({ env: envName.describe('Variable of the host, whose value is no secret') }),
  z.strictObject({
    secret: secretSource.describe('Where a secret comes from, which build steps get as a mount'),
    rotates: z
      .boolean()
      .optional()
      .describe('A short-lived token: another value builds nothing anew. Default: false'),
  }),
]);

const buildEnv = z
  .record(buildVariable, buildValue)
  .superRefine((values, { addIssue }) => {
    for (const [name, value] of Object.entries(values)) {
      const isSecret = typeof value === 'object' && 'secret' in value;
      if (isSecret || !SECRET_NAME.test(name)) continue;
      addIssue({
        code: 'custom',
        path: [name],
        message: 'is a secret by its name, and would stay readable: use { "secret": { "env": ... } }',
      });
    }
  })
  .describe(
    'Variables of build steps, not of the image: values, { "env": ... } of the host, { "secret": { "env" | "file": ... } } as mounts',
  );

export const buildEnvironmentShape = {
  buildEnv,
  buildEnvFile: text.describe(
    'File with NAME=value lines, relative to the project, for variables of the host that are not set',
  ),
  secretsSalt: z
    .string()
    .regex(/^[A-Za-z0-9+/=_-]{16,}$/, 'is no random text of at least 16 letters and digits')
    .describe('Random text, written by setup and committed, under which a changed secret is noticed'),
  ssh: z
    .boolean()
    .describe('Whether build steps may use the SSH agent, for git+ssh dependencies. Default: false'),
  registryMirror: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._/-]*)?$/,
      'is no registry such as mirror.example.com',
    )
    .describe('Registry that has the images of Docker Hub: base images come from there'),
} as const;

export type BuildEnvSettings = z.infer<typeof buildEnv>;
