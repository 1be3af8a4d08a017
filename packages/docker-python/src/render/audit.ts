import { PIP_AUDIT } from '../detection/managers/closures/pip-audit';
import type { ImagePlan, LockStage } from '../plan/types';
import { readAsset } from './assets';
import { builderStages, renderStage } from './dockerfile';
import { networkStep } from './build-environment';
import { shellLine } from './shell';
import { installTools, listIn, REQUIREMENTS, TOOLS } from './stages/lock';
import { SCRIPTS } from './stages/scripts';

/** The stage that holds nothing but the report. */
export const AUDIT_STAGE = 'audited';
export const AUDIT_REPORT = 'report.json';

/** Another value each time: a database knows more every day. */
export const AUDITED_AT = 'AUDITED_AT';

const LISTS = '/run/lists';

/**
 * A Dockerfile that asks a database about what an image installs, in the builder of that image.
 *
 * @param database address of the query of an OSV API
 */
export function renderAudit(plan: ImagePlan, lock: LockStage, database: string): string {
  const lists = [
    listIn(lock.recipe),
    ...(lock.recipe.format !== undefined && lock.extra.length > 0 ? [REQUIREMENTS] : []),
  ];
  return `${[
    ...builderStages(plan),
    renderStage(lock, plan).trimEnd(),
    `FROM scripts AS audit-scripts\nCOPY <<'EOF' /audit.py\n${readAsset('scripts', 'audit.py').trimEnd()}\nEOF`,
    [
      'FROM builder AS audit',
      installTools(PIP_AUDIT, plan.buildEnvironment),
      `ENV PATH=${TOOLS}/bin:$PATH`,
      `ARG ${AUDITED_AT}`,
      networkStep(
        plan.buildEnvironment,
        [
          `type=bind,from=audit-scripts,target=${SCRIPTS}`,
          ...lists.map((list) => `type=bind,from=${lock.name},source=${list},target=${LISTS}${list}`),
        ],
        [
          'export PYTHONDONTWRITEBYTECODE=1',
          'mkdir -p /out',
          shellLine([
            ...['python', `${SCRIPTS}/audit.py`, database, `/out/${AUDIT_REPORT}`],
            ...lists.map((list) => `${LISTS}${list}`),
          ]),
        ],
      ),
    ].join('\n'),
    `FROM scratch AS ${AUDIT_STAGE}\nCOPY --from=audit /out/ /`,
  ].join('\n\n')}\n`;
}
