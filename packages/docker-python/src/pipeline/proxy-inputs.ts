import type { Proxies } from '../engine/proxies';
import type { BuildInputs } from '../engine/types';
import { DockerPythonError } from '../errors';
import { mountsProxies, PROXIES_SECRET } from '../render/instructions';
import { shellWord } from '../render/shell';
import { PASSWORD_IN_URL } from '../settings/build-variables';
import type { Settings } from '../settings/schema';

/** Variable of the client by which build steps get the proxies, which are then in no argument of a build. */
const PROXIES_VARIABLE = 'DOCKER_PYTHON_PROXIES';

/**
 * Proxies as a secret, so that no record of a build lists them; its lines set both spellings. A Dockerfile that somebody
 * wrote knows them as the build arguments that are predefined. Source: the Dockerfile reference, "Predefined ARGs".
 *
 * @throws DockerPythonError ATTEST_UNSUPPORTED
 */
export function proxyInputs(
  { values, ofEnvironment, ofClient }: Proxies,
  dockerfile: string,
  { attest }: Settings,
): Pick<BuildInputs, 'secretVariables' | 'argumentVariables' | 'emptyArguments' | 'env'> {
  const nothing = { secretVariables: {}, argumentVariables: [], emptyArguments: [], env: {} };
  if (!mountsProxies(dockerfile)) {
    const hasPassword = Object.values(values).some((value) => PASSWORD_IN_URL.test(value));
    if (attest?.provenance === 'max' && hasPassword) throw proxyInProvenance();
    return { ...nothing, argumentVariables: ofEnvironment };
  }
  const lines = Object.entries(values).map(
    ([name, value]) => `export ${name}=${shellWord(value)} ${name.toLowerCase()}=${shellWord(value)}`,
  );
  if (lines.length === 0) return nothing;
  return {
    secretVariables: { [PROXIES_SECRET]: PROXIES_VARIABLE },
    argumentVariables: [],
    emptyArguments: ofClient,
    env: { [PROXIES_VARIABLE]: lines.join('\n') },
  };
}

function proxyInProvenance(): DockerPythonError {
  return new DockerPythonError({
    code: 'ATTEST_UNSUPPORTED',
    message:
      'The proxy of this machine has a password, and this Dockerfile, which is not managed, gets it as a build argument: a provenance of the mode "max" would list it.',
    hint: 'Set "attest": { "provenance": "min" }, or let the Dockerfile be managed, whose steps get proxies as a secret: nx g docker-python:setup <project> --overwrite.',
  });
}
