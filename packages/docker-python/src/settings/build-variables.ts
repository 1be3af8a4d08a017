import { z } from 'zod';
import { envName, imageEnvName, line } from './values';

/**
 * Variables that would make a build step start something else than it says: loaders, shells and interpreters obey
 * them. Sources: ld.so(8), POSIX.1-2024 "2.5.3 Shell Variables", bash(1), python(1).
 */
const TAKES_OVER =
  /^(LD_\w+|GCONV_PATH|PATH|HOME|SHELL|IFS|ENV|BASH_ENV|PYTHON(HOME|PATH|STARTUP|INSPECT|USERBASE|EXECUTABLE|PLATLIBDIR|BREAKPOINT))$/;

/** Variables by which the build itself says where and how things are installed. */
const OURS =
  /^(ca|VIRTUAL_ENV|PYTHONHASHSEED|PYTHONDONTWRITEBYTECODE|SOURCE_DATE_EPOCH|PYC_INVALIDATION_MODE|BUILD_ENV_DIGEST|REQUIREMENTS|UV_(LINK_MODE|PYTHON|PYTHON_DOWNLOADS|PROJECT_ENVIRONMENT|SYSTEM_PYTHON|TARGET|PREFIX)|PIP_(TARGET|PREFIX|ROOT|USER|PYTHON|REQUIRE_VIRTUALENV)|GIT_SSH_COMMAND|SSH_AUTH_SOCK|DOCKER_\w+|BUILDKIT_\w+|BUILDX_\w+)$/;

/** A variable that build steps may get. */
export const buildVariable = envName
  .refine((name) => !TAKES_OVER.test(name), 'would take over the programs of every build step')
  .refine((name) => !OURS.test(name), 'is set by the build itself');

/** A name that says that the value is nobody's business. */
export const SECRET_NAME =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|API_KEY|PRIVATE_KEY|CREDENTIALS)(_|$)/i;

/** An address with a password in it, rather than with a variable for it: `https://me:hunter2@host`. */
export const PASSWORD_IN_URL = /:\/\/[^/?#\s@]*:(?!\$\{\w+\}@)[^/?#\s@]+@/;

/** A name that ends so holds the secret itself: not TOKEN_URL, ACCESS_TOKEN_EXPIRE_MINUTES or API_KEY_FILE. */
export const HOLDS_SECRET =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIALS)$/i;

const AT_START =
  'would be readable in the image: give it to the container when it starts (docker run --env-file, "env_file" of a compose file, a Secret of Kubernetes)';

/** The environment of a running container, which whoever has the image can read. Paths of secrets are none. */
export const imageEnv = z.record(imageEnvName, line).superRefine((values, { addIssue }) => {
  for (const [name, value] of Object.entries(values)) {
    const isSecret = HOLDS_SECRET.test(name) && value !== '' && !value.startsWith('/');
    if (!isSecret && !PASSWORD_IN_URL.test(value)) continue;
    const what = isSecret ? 'is a secret by its name' : 'has a password in it';
    addIssue({ code: 'custom', path: [name], message: `${what}, and ${AT_START}` });
  }
});
