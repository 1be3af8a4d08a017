import type { Engine } from '../engine/types';
import { AUDIT_REPORT, AUDIT_STAGE, AUDITED_AT } from '../render/audit';
import { builtFiles, type FileBuild } from '../slices/built-files';
import type { AuditReport } from './audit-report';

/** What the engine needs to audit pins. */
export interface AuditOrder extends Pick<FileBuild, 'dockerfile' | 'ignore' | 'build'> {
  /** Any text that no earlier run had. */
  readonly now: string;
}

/**
 * Asks about pins in the engine.
 *
 * @throws DockerPythonError what the engine says
 */
export async function askDatabase(
  engine: Pick<Engine, 'build'>,
  { now, build, ...order }: AuditOrder,
): Promise<AuditReport> {
  const request = {
    ...order,
    target: AUDIT_STAGE,
    build: { ...build, buildArgs: { ...build.buildArgs, [AUDITED_AT]: now } },
  };
  return builtFiles(engine, request, (read) => {
    const text = read(AUDIT_REPORT);
    return text === undefined ? undefined : (JSON.parse(text) as AuditReport);
  });
}
