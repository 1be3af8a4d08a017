import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const SCRIPT = join(__dirname, 'scripts', 'audit.py');

/** What the two libraries and the scanner do for it: they answer from files. */
const STAND_INS = {
  'requests.py': `import json, os
class RequestException(Exception): pass
class HTTPError(RequestException): pass
class Answer:
    def raise_for_status(self):
        if os.path.exists("broken"): raise HTTPError("503 Server Error: gone for url: https://db.invalid/v1/query")
    def json(self):
        with open("records.json") as file: return json.load(file)
def post(database, json, timeout): return Answer()
`,
  'cvss.py': `class CVSS3:
    def __init__(self, vector):
        if not vector.startswith("CVSS:3.1/"): raise ValueError(vector)
    def severities(self): return ("High",)
    severity = "High"
CVSS2 = CVSS4 = CVSS3
`,
  'pip-audit': `#!/usr/bin/env python3
import os, shutil, sys
words = sys.argv[1:]
shutil.copy(words[words.index("-r") + 1], "asked.txt")
if not os.path.exists("answer.json"):
    print("Traceback\\nrequests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries (Caused by NewError('refused'))")
    sys.exit(1)
shutil.copy("answer.json", words[words.index("--output") + 1])
`,
};

interface Report {
  readonly audited: number;
  readonly skipped: readonly string[];
  readonly unreachable?: string;
  readonly findings: readonly { readonly ids: readonly string[]; readonly severity: string }[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  for (const [name, text] of Object.entries(STAND_INS)) writeFileSync(join(folder, name), text);
  chmodSync(join(folder, 'pip-audit'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function audit(list: string, answer?: object, records: readonly object[] = [], name = 'list.txt'): Report {
  writeFileSync(join(folder, name), list);
  writeFileSync(join(folder, 'records.json'), JSON.stringify({ vulns: records }));
  if (answer) writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer));
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env['PATH']}`,
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    TMPDIR: folder,
  };
  const words = [SCRIPT, 'https://db.invalid/v1/query', 'report.json', name];
  const done = spawnSync('python3', words, { cwd: folder, encoding: 'utf8', env });
  expect([done.status, done.stderr]).toEqual([0, '']);
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
}
const asked = (): string => readFileSync(join(folder, 'asked.txt'), 'utf8');

const NOTHING = { dependencies: [] };
const found = (...vulns: readonly (readonly [id: string, aliases: string[], fixed: string[]])[]): object => ({
  dependencies: [
    {
      name: 'idna',
      version: '3.6',
      vulns: vulns.map(([id, aliases, fix_versions]) => ({
        id,
        aliases,
        fix_versions,
        description: `of ${id}`,
      })),
    },
    { name: 'odd', skip_reason: 'nobody has it' },
  ],
});

test('asks about what has a version and is installed here; names what it cannot ask about', () => {
  const list = [
    'Idna[x]==3.6 --hash=sha256:00',
    'colorama==1 ; sys_platform == "nowhere"',
    'acme @ git+https://git.invalid/acme@1',
    '',
  ].join('\n');
  expect(audit(list, NOTHING)).toMatchObject({ audited: 1, skipped: ['acme'], findings: [] });
  expect(asked()).toBe('idna==3.6\n');
});

test('reads a pylock.toml as well', () => {
  const lock = 'lock-version = "1.0"\ncreated-by = "x"\n\n[[packages]]\nname = "six"\nversion = "1.17.0"\n';
  expect(audit(lock, NOTHING, [], 'pylock.toml')).toMatchObject({ audited: 1 });
  expect(asked()).toBe('six==1.17.0\n');
});

test('an empty list asks nobody', () => {
  expect(audit('', undefined)).toEqual({
    database: 'https://db.invalid/v1/query',
    audited: 0,
    skipped: [],
    findings: [],
  });
});

test('a database that does not answer: its reason, without frames', () => {
  expect(audit('idna==3.6\n')).toMatchObject({ audited: 1, unreachable: 'refused', findings: [] });
});

test('a database that fails before it has said how bad things are: as one that never answers', () => {
  writeFileSync(join(folder, 'broken'), '');
  expect(audit('idna==3.6\n', found(['A', [], []]))).toMatchObject({
    audited: 1,
    unreachable: 'HTTPError: 503 Server Error: gone for url: https://db.invalid/v1/query',
    findings: [],
  });
});

test('records that name each other are one finding, with the worst rating and all versions that mend it', () => {
  const answer = found(
    ['GHSA-1', ['CVE-1'], ['3.7']],
    ['PYSEC-1', ['CVE-1', 'GHSA-1'], ['3.7', '3.8']],
    ['CVE-2', [], []],
  );
  const records = [
    { id: 'PYSEC-1', aliases: ['CVE-1'], database_specific: { severity: 'MODERATE' } },
    { id: 'GHSA-1', severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' }] },
  ];
  expect(audit('idna==3.6\n', answer, records)).toMatchObject({
    skipped: ['odd'],
    findings: [
      {
        name: 'idna',
        version: '3.6',
        ids: ['GHSA-1', 'CVE-1', 'PYSEC-1'],
        severity: 'high',
        fixed: ['3.7', '3.8'],
      },
      { ids: ['CVE-2'], severity: 'unknown', fixed: [] },
    ],
  });
});

test.each([
  ['in words', { database_specific: { severity: 'CRITICAL' } }, 'critical'],
  ['a score', { severity: [{ type: 'CVSS_V4', score: 'CVSS:3.1/x' }] }, 'high'],
  ['a score that nobody reads', { severity: [{ type: 'CVSS_V3', score: 'nonsense' }] }, 'unknown'],
  ['of a kind that nobody knows', { severity: [{ type: 'NEW', score: '1' }] }, 'unknown'],
  ['not at all', {}, 'unknown'],
])('rated %s', (_, record, severity) => {
  const report = audit('idna==3.6\n', found(['A', [], []]), [{ id: 'A', ...record }]);
  expect(report.findings[0]).toMatchObject({ severity });
});
