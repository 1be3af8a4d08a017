import { failureOf } from '../testing/failures';
import {
  auditLines,
  type AuditReport,
  judge,
  refuseSilence,
  type Vulnerability,
  vulnerable,
} from './audit-report';

const found = (
  name: string,
  severity: Vulnerability['severity'],
  more: Partial<Vulnerability> = {},
): Vulnerability => ({
  name,
  version: '1',
  ids: [`ID-${name}`, `CVE-${name}`],
  severity,
  fixed: ['2'],
  summary: 'It breaks.',
  ...more,
});
const REPORT: AuditReport = {
  database: 'https://osv.invalid/v1/query',
  audited: 7,
  skipped: ['repo'],
  findings: [found('b', 'low'), found('a', 'high'), found('c', 'unknown', { fixed: [] })],
};
const names = (findings: readonly Vulnerability[]): readonly string[] => findings.map(({ name }) => name);

test.each([
  ['low', ['c', 'a', 'b']],
  ['medium', ['c', 'a']],
  ['critical', ['c']],
  ['none', []],
] as const)('fails from %s on; what nobody rated is the worst', (failOn, failing) => {
  const verdict = judge(REPORT, failOn, []);
  expect(names(verdict.findings)).toEqual(['c', 'a', 'b']);
  expect(names(verdict.failing)).toEqual(failing);
});

test('what is ignored by any of its ids does not count, and is said', () => {
  const verdict = judge(REPORT, 'low', ['cve-A', 'ID-c']);
  expect(names(verdict.failing)).toEqual(['b']);
  expect(names(verdict.ignored)).toEqual(['a', 'c']);
  expect(auditLines('api', REPORT, verdict)).toEqual([
    'api: 1 known vulnerability in 7 pins, says https://osv.invalid/v1/query',
    '',
    '  b 1  low  ID-b (CVE-b)',
    '    fixed in 2',
    '    It breaks.',
    '',
    '  ignored: ID-a, ID-c',
    '',
    '  not looked up, since no index has them: repo',
  ]);
});

test('nothing found', () => {
  const report = { ...REPORT, audited: 1, skipped: [], findings: [] };
  expect(auditLines('api', report, judge(report, 'low', []))).toEqual([
    'api: no known vulnerability in 1 pin, says https://osv.invalid/v1/query',
  ]);
});

test('the error names pins and the command that mends those that can be mended', () => {
  const error = vulnerable('api', judge(REPORT, 'medium', []).failing);
  expect(error.message).toBe('api has pins with known vulnerabilities: c 1, a 1.');
  expect(error.hint).toContain('npx nx pin-deps api --upgrade-package=a"');
  expect(vulnerable('api', [REPORT.findings[2]!]).hint).toContain('Nothing mends them yet');
});

test('a database that did not answer is an error', () => {
  refuseSilence(REPORT);
  expect(failureOf(() => refuseSilence({ ...REPORT, unreachable: 'no such host' }))).toMatchObject({
    code: 'AUDIT_NO_DATABASE',
    message: expect.stringContaining(
      'https://osv.invalid/v1/query could not be asked: no such host',
    ) as string,
  });
});
