/** Makes sure that the base images are in the engine. Arguments: Python versions; without any, all. */

import { main, say } from '../shell';
import { ensureBaseImages } from './ensure-base-images';

void main(async () => {
  const versions = process.argv.slice(2);
  for (const base of await ensureBaseImages(versions.length === 0 ? undefined : versions)) {
    const origin = base.standIn === undefined ? '' : ` (stand-in from Debian ${base.standIn})`;
    say(`${base.image} is in the engine${origin}.`);
  }
});
