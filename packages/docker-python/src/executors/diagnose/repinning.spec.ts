import { memoryFiles } from '../../detection/files';
import { pinsHeader } from '../../detection/managers/pin-list';
import { designImage } from '../../pipeline/design-image';
import { managed } from '../../render/managed';
import { repinning } from './repinning';

const PIN = `six==1.17.0 --hash=sha256:${'1'.repeat(64)}\n`;
const LIST = `${pinsHeader('requirements.in', 'api')}\n${PIN}`;
const steps = (options: string): string =>
  managed('\n', `To renew it: nx g docker-python:ci --provider=github${options}`);

it.each<[what: string, list: string, more: Record<string, string>, ...found: string[]]>([
  ['nobody moves them', LIST, {}, 'PINS_GROW_OLD'],
  ['somebody else wrote the list', PIN, {}],
  ['a bot does', LIST, { '.github/dependabot.yml': 'version: 2\n' }],
  ['a weekly job audits them', LIST, { 'tools/ci/docker-python.sh': steps('') }],
  [
    'no job runs by itself',
    LIST,
    { 'tools/ci/docker-python.sh': steps(' --schedule=never') },
    'PINS_GROW_OLD',
  ],
])('%s', (_, list, more, ...found) => {
  const files = memoryFiles({
    'apps/api/main.py': 'print(1)\n',
    'apps/api/requirements.in': 'six\n',
    'apps/api/requirements.txt': list,
    'apps/api/docker-python.json': '{"version":1,"command":"python main.py"}',
    ...more,
  });
  const design = designImage({ files, root: 'apps/api', otherRoots: ['apps/api'] });
  const findings = repinning(files, design, 'api');
  expect(findings.map(({ code }) => code)).toEqual(found);
  for (const { message, hint } of findings) {
    expect(message).toContain('apps/api/requirements.txt');
    expect(hint).toContain('nx pin-deps api --upgrade');
  }
});
