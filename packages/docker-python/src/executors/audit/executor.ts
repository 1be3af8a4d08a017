import type { ExecutorContext } from '@nx/devkit';
import { dockerEngine } from '../../engine/docker';
import { DockerPythonError } from '../../errors';
import { designWithAnyCommand } from '../../pipeline/any-command';
import { planAudit } from '../../pipeline/audit-plan';
import { askDatabase } from '../../pins/ask-database';
import { auditLines, type FailOn, judge, refuseSilence, vulnerable } from '../../pins/audit-report';
import { readEnvironment } from '../../settings/resolve';
import { withBuildInputs } from '../build-inputs';
import { listOf } from '../../settings/option-text';
import { designQuestion, report } from '../project';

export interface AuditOptions {
  readonly failOn?: FailOn;
  readonly ignore?: string | readonly string[];
  readonly database?: string;
  readonly json?: boolean;
}

/** Says which pins of a project have known vulnerabilities; fails from a severity on. */
export default function audit(
  options: AuditOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(() => run(options, context));
}

/** The public database of the Open Source Vulnerabilities project. */
const DATABASE = 'https://api.osv.dev/v1/query';

async function run(
  { failOn = 'low', ignore, database = DATABASE, json = false }: AuditOptions,
  context: ExecutorContext,
): Promise<void> {
  checkAddress(database);
  const { name, question } = designQuestion(context);
  const design = designWithAnyCommand({ ...question, overrides: [readEnvironment(process.env)] });
  const engine = dockerEngine();
  await engine.probe();
  const plan = planAudit(design, database);
  const found = await withBuildInputs(design, context.root, (build) =>
    askDatabase(engine, { ...plan, now: new Date().toISOString(), build }),
  );
  refuseSilence(found);
  const verdict = judge(found, failOn, listOf(ignore, 'ignore'));
  const text = json
    ? JSON.stringify({ ...found, findings: verdict.findings }, null, 2)
    : auditLines(name, found, verdict).join('\n');
  process.stdout.write(`\n${text}\n`);
  if (verdict.failing.length > 0) throw vulnerable(name, verdict.failing);
}

function checkAddress(database: string): void {
  if (URL.canParse(database) && /^https?:/.test(database)) return;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${JSON.stringify(database)} is no address of a database.`,
    hint: `Give the address of the query of an OSV API, such as ${DATABASE}.`,
  });
}
