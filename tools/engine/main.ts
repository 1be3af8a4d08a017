/** `npm run engine`: makes sure that a container engine with buildx runs, and says which. */

import { main, say } from '../shell';
import { ensureEngine } from './ensure-engine';

void main(async () => {
  const engine = await ensureEngine();
  const verb = engine.started ? 'Started' : 'Found';
  say(`${verb} Docker ${engine.server} with buildx ${engine.buildx}.`);
});
