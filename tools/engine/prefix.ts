/** Where the bootstrap keeps what it unpacks: outside of the repository, so that a new clone finds it. */

import { join } from 'node:path';

const PREFIX = '/opt/docker-python-engine';
const ENGINE_ROOT = join(PREFIX, 'root');

/** The places under the prefix. `engineRoot` exists only when it is complete: it is moved into place. */
export const places = {
  prefix: PREFIX,
  engineRoot: ENGINE_ROOT,
  registryRoot: join(PREFIX, 'registry'),
  composeRoot: join(PREFIX, 'compose'),
  buildkitRoot: join(PREFIX, 'buildkit'),
  daemonConfig: join(PREFIX, 'daemon.json'),
  daemonLog: join(PREFIX, 'dockerd.log'),
} as const;
