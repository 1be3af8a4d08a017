/** A registry as a child process, from Debian's program and a config of its own. */

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../workspace/server';
import type { RegistryOptions, RunningRegistry } from './start-registry';

/** Starts the program in a temporary folder. Throws a ToolError with the end of its log. */
export async function startProcess(program: string, options: RegistryOptions): Promise<RunningRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const config = join(folder, 'config.json');
  if (options.htpasswd !== undefined) await writeFile(join(folder, 'htpasswd'), `${options.htpasswd}\n`);
  // JSON is YAML too.
  await writeFile(config, JSON.stringify(configOf(folder, options), null, 2));
  const { said, stop } = await startServer({
    title: 'The registry',
    program,
    argv: ['serve', config],
    folder,
    ready: /listening on [^"]*:(\d+)/,
  });
  return { host: `localhost:${said[1]!}`, stop };
}

function configOf(folder: string, options: RegistryOptions): object {
  const auth = { htpasswd: { realm: 'docker-python', path: join(folder, 'htpasswd') } };
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: options.storage ?? join(folder, 'storage') },
      delete: { enabled: true },
    },
    // Port 0 is any free one: there is no moment in which another process could take it.
    http: { addr: `127.0.0.1:${options.port ?? 0}` },
    ...(options.htpasswd === undefined ? {} : { auth }),
  };
}
