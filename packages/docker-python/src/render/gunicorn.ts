import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** gunicorn's settings for a container: written once, then the user's. */
export function renderGunicornConf(): string {
  return readFileSync(join(__dirname, 'templates', 'gunicorn.conf.py'), 'utf8');
}
