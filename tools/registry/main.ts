/** Runs a local registry until Ctrl-C. Argument: a port; without one, any free one. */

import { main, say } from '../shell';
import { startRegistry } from './start-registry';

void main(async () => {
  const port = process.argv[2];
  const registry = await startRegistry(port === undefined ? {} : { port: Number(port) });
  say(`A registry answers at ${registry.host}. End it with Ctrl-C.`);
  const keepAlive = setInterval(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  clearInterval(keepAlive);
  await registry.stop();
});
