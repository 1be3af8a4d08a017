import { NEWEST } from '../tools/workspace/nx-versions';
import { advisoryDatabase, type Advisory, type AdvisoryDatabase } from './harness/advisory-database';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

/** What two databases wrote about the same thing; only one rated it. */
const ADVISORIES: readonly Advisory[] = ['GHSA-jjg7-2v4v-x38h', 'PYSEC-2024-60'].map((id) => ({
  schema_version: '1.7.3',
  id,
  aliases: ['CVE-2024-3651', id === 'PYSEC-2024-60' ? 'GHSA-jjg7-2v4v-x38h' : 'PYSEC-2024-60'],
  published: '2024-04-11T21:32:40Z',
  modified: '2024-11-19T20:33:00Z',
  summary: 'idna.encode() takes very long for specially crafted inputs',
  ...(id === 'PYSEC-2024-60'
    ? {}
    : {
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
        database_specific: { severity: 'MODERATE', github_reviewed: true, cwe_ids: ['CWE-400'] },
      }),
  affected: [
    {
      package: { name: 'idna', ecosystem: 'PyPI', purl: 'pkg:pypi/idna' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.7' }] }],
      versions: ['3.5', '3.6'],
    },
  ],
}));

describe('audit', () => {
  let workspace: Workspace;
  let database: AdvisoryDatabase;
  const audit = (...options: string[]): ReturnType<Workspace['tryNx']> =>
    workspace.tryNx('audit', 'e2e-audit', `--database=${database.address}/v1/query`, ...options);

  beforeAll(async () => {
    database = await advisoryDatabase(ADVISORIES);
    workspace = await createWorkspace(NEWEST, {
      '.python-version': '3.13\n',
      'apps/a/project.json': '{ "name": "e2e-audit" }',
      'apps/a/docker-python.json': '{ "version": 1, "command": "python main.py" }\n',
      'apps/a/main.py': 'print(1)\n',
      'apps/a/requirements.in': 'idna==3.6\nsix\n',
    });
    await workspace.nx('pin-deps', 'e2e-audit');
  }, 5 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await database.close();
  });

  it(
    'names pins with known vulnerabilities, how bad they are, and what mends them',
    async () => {
      const { exitCode, output } = await audit();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/^ {2}idna 3\.6 {2}medium {2}\S+ \(.*CVE-2024-3651.*\)\n {4}fixed in 3\.7$/m);
      expect(output).toContain('1 known vulnerability in 2 pins');
      expect(output).toMatch(/AUDIT_VULNERABLE: [\s\S]*npx nx pin-deps e2e-audit --upgrade-package=idna/);
      expect(database.questions.some((asked) => asked.startsWith('six '))).toBe(true);
    },
    5 * MINUTES,
  );

  it('passes below the severity that counts, and without what is ignored; asks each time', async () => {
    const asked = database.questions.length;
    const tolerant = await audit('--fail-on=high');
    expect([tolerant.exitCode, tolerant.output]).toEqual([0, expect.stringContaining('idna 3.6  medium')]);
    expect(database.questions.length).toBeGreaterThan(asked);
    const ignoring = await audit('--ignore=CVE-2024-3651');
    expect([ignoring.exitCode, ignoring.output]).toEqual([
      0,
      expect.stringMatching(/no known vulnerability in 2 pins[\s\S]*ignored: /),
    ]);
  });

  it.each([
    ['refuses connections', (address: string) => address.replace(/:\d+$/, ':1/v1/query')],
    ['answers with an error', (address: string) => `${address}/elsewhere`],
  ])('a database that %s is said so, and is no good news', async (_, place) => {
    const { exitCode, output } = await workspace.tryNx(
      'audit',
      'e2e-audit',
      `--database=${place(database.address)}`,
    );
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/AUDIT_NO_DATABASE: Nothing is known about 2 pins: .*(?:refused|503)/);
    expect(output).not.toContain('no known vulnerability');
  });

  it('a database that fails after pip-audit has its answers is said so, too', async () => {
    const before = database.questions.length;
    const { output } = await workspace.tryNx('audit', 'e2e-audit', `--database=${database.address}/v1/once`);
    expect(database.questions.slice(before).filter((asked) => asked === 'idna 3.6')).toHaveLength(2);
    expect(output).toMatch(/AUDIT_NO_DATABASE: Nothing is known about 2 pins: .*HTTPError: 503/);
  });
});
