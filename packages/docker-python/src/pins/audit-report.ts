import { DockerPythonError } from '../errors';

/** Worst last. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

/** From which severity on an audit fails; a vulnerability that nobody has rated counts as the worst. */
export type FailOn = (typeof SEVERITIES)[number] | 'none';

/** A known vulnerability of one pin. */
export interface Vulnerability {
  readonly name: string;
  readonly version: string;
  /** Of the record, then of others for the same thing. */
  readonly ids: readonly string[];
  readonly severity: (typeof SEVERITIES)[number] | 'unknown';
  /** Versions that do not have it. */
  readonly fixed: readonly string[];
  readonly summary: string;
}

/** What an audit found, as its program in the engine writes it. */
export interface AuditReport {
  readonly database: string;
  readonly audited: number;
  /** Names of what has no version on an index. */
  readonly skipped: readonly string[];
  readonly findings: readonly Vulnerability[];
  /** Why the database said nothing. */
  readonly unreachable?: string;
}

/** How a report is judged. */
export interface AuditVerdict {
  readonly ignored: readonly Vulnerability[];
  /** Worst first. */
  readonly findings: readonly Vulnerability[];
  /** Those that make the audit fail. */
  readonly failing: readonly Vulnerability[];
}

/**
 * Which vulnerabilities count.
 *
 * @param ignore ids or aliases that somebody has looked at
 */
export function judge({ findings }: AuditReport, failOn: FailOn, ignore: readonly string[]): AuditVerdict {
  const wanted = new Set(ignore.map((id) => id.toLowerCase()));
  const isIgnored = ({ ids }: Vulnerability): boolean => ids.some((id) => wanted.has(id.toLowerCase()));
  const rank = ({ severity }: Vulnerability): number =>
    severity === 'unknown' ? SEVERITIES.length : SEVERITIES.indexOf(severity);
  const kept = findings
    .filter((finding) => !isIgnored(finding))
    .sort((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : 1));
  return {
    ignored: findings.filter(isIgnored),
    findings: kept,
    failing: failOn === 'none' ? [] : kept.filter((finding) => rank(finding) >= SEVERITIES.indexOf(failOn)),
  };
}

/** A verdict as lines for a terminal. */
export function auditLines(
  project: string,
  { audited, skipped, database }: AuditReport,
  { findings, ignored }: AuditVerdict,
): readonly string[] {
  const count = (n: number, what: string): string =>
    `${n} ${n === 1 ? what.replace(/ies$/, 'y').replace(/s$/, '') : what}`;
  return [
    `${project}: ${findings.length === 0 ? 'no known vulnerability' : count(findings.length, 'known vulnerabilities')} in ${count(audited, 'pins')}, says ${database}`,
    ...findings.flatMap(({ name, version, ids: [id, ...aliases], severity, fixed, summary }) => [
      '',
      `  ${name} ${version}  ${severity === 'unknown' ? 'not rated' : severity}  ${id}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
      `    ${fixed.length > 0 ? `fixed in ${fixed.join(', ')}` : 'no version mends it yet'}`,
      `    ${summary}`,
    ]),
    ...(ignored.length > 0 ? ['', `  ignored: ${ignored.map(({ ids }) => ids[0]).join(', ')}`] : []),
    ...(skipped.length > 0 ? ['', `  not looked up, since no index has them: ${skipped.join(', ')}`] : []),
  ];
}

/** An audit without answers is none: it must not look like a good one. */
export function refuseSilence({ unreachable, database, audited }: AuditReport): void {
  if (unreachable === undefined) return;
  throw new DockerPythonError({
    code: 'AUDIT_NO_DATABASE',
    message: `Nothing is known about ${audited} pins: the database at ${database} could not be asked: ${unreachable}`,
    hint: 'Check the network of the engine (proxy, "caBundle"), or give the address of a mirror with --database.',
  });
}

/** The error of an audit that found something. */
export function vulnerable(project: string, failing: readonly Vulnerability[]): DockerPythonError {
  const movable = [...new Set(failing.filter(({ fixed }) => fixed.length > 0).map(({ name }) => name))];
  const pins = [...new Set(failing.map(({ name, version }) => `${name} ${version}`))];
  return new DockerPythonError({
    code: 'AUDIT_VULNERABLE',
    message: `${project} has pins with known vulnerabilities: ${pins.join(', ')}.`,
    hint:
      movable.length > 0
        ? `Run "npx nx pin-deps ${project} ${movable.map((name) => `--upgrade-package=${name}`).join(' ')}", and build again. What does not concern you: --ignore=ID.`
        : 'Nothing mends them yet. What does not concern you: --ignore=ID; from which severity on it counts: --fail-on.',
  });
}
