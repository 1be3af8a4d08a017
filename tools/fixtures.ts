/** `npm run fixtures`: writes what the plugin decides for every fixture beside it, to be read before it is committed. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPECTED, fixtures } from '../packages/docker-python/fixtures/corpus';
import { describeFixture } from '../packages/docker-python/fixtures/describe';
import { main, say } from './shell';

void main(async () => {
  for (const fixture of fixtures()) {
    const described = describeFixture(fixture);
    writeFileSync(join(fixture.folder, EXPECTED.detection), described.detection);
    writeFileSync(join(fixture.folder, EXPECTED.dockerfile), described.dockerfile);
    say(fixture.name);
  }
  return Promise.resolve();
});
