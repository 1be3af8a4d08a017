import { memoryFiles } from '../../detection/files';
import { designImage } from '../../pipeline/design-image';
import { diagnose } from './diagnosis';
import { printDiagnosis } from './print';

const files = memoryFiles({
  'apps/api/requirements.txt': 'flask>=3\ngunicorn\npsycopg2==2.9.10\n',
  'apps/api/app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
  'apps/api/docker-python.json': '{"version":1,"port":9000}',
});
const design = designImage({
  files,
  root: 'apps/api',
  otherRoots: ['apps/api'],
  defaults: { registry: 'registry.example.com/acme' },
});
const sizes = [
  { path: 'apps/api/app.py', bytes: 300 },
  { path: 'apps/api/model.bin', bytes: 60_000_000 },
  { path: 'apps/api/server.key', bytes: 1_700 },
];
const diagnosis = diagnose(
  'api',
  'apps/api',
  design,
  sizes,
  { 'apps/api/Dockerfile': 'out of date' },
  {
    outcome: 'stops',
    reasons: ['MANAGED_FILE_STALE: apps/api/Dockerfile is not what the settings ask for.'],
  },
);

describe('a diagnosis', () => {
  it('has every fact with what decided it', () => {
    const facts = Object.fromEntries(diagnosis.facts.map(({ label, from }) => [label, from]));
    expect(facts).toMatchObject({
      'package manager': 'apps/api/requirements.txt',
      'start command': expect.stringContaining('apps/api/app.py') as string,
      'system package': expect.stringContaining('psycopg2') as string,
    });
    for (const { from } of diagnosis.facts) expect(from).not.toBe('');
  });

  it('has the merged settings with their sources', () => {
    expect(diagnosis.settings).toEqual([
      { key: 'registry', value: 'registry.example.com/acme', from: 'nx.json' },
      { key: 'port', value: 9000, from: 'apps/api/docker-python.json' },
    ]);
  });

  it('has the size of the context, its largest files, and findings about both', () => {
    expect(diagnosis.context).toMatchObject({
      files: 3,
      bytes: 60_002_000,
      largest: [{ path: 'apps/api/model.bin' }, {}, {}],
    });
    expect(diagnosis.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['SECRETS_IN_CONTEXT', 'LARGE_CONTEXT']),
    );
  });

  it('says what to do about everything it finds', () => {
    for (const { hint } of diagnosis.findings) expect(hint.length).toBeGreaterThan(10);
  });

  it('says what the next build would do', () => {
    expect(printDiagnosis(diagnosis)).toMatch(/Next build: stops\n +MANAGED_FILE_STALE: /);
  });

  it('fits on 80 columns, but for words that cannot be broken', () => {
    const wide = printDiagnosis(diagnosis)
      .split('\n')
      .filter((line) => line.length > 80);
    expect(wide).toEqual([]);
  });

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
  });
});
