import type { LinkageStage } from '../../plan/types';
import { run } from '../instructions';
import { shellLine } from '../shell';
import { VENV } from './dependencies';
import { SCRIPTS } from './scripts';

/** What the stage leaves behind when all is well. Later stages mount it, so that they wait for the check. */
export const CHECKED = '/checked';

/** Every shared library of the virtualenv, seen from the base of the image rather than from the builder. */
export function renderLinkage({ packages, optional }: LinkageStage): string {
  const table = Object.entries(packages).map(([library, name]) => `${library} ${name}`);
  return [
    'FROM base AS linkage',
    ...(table.length > 0 ? [`COPY <<'EOF' /libraries.txt`, ...table, 'EOF', ''] : []),
    run(
      [
        `type=bind,from=dependencies,source=/out${VENV},target=${VENV}`,
        `type=bind,from=scripts,target=${SCRIPTS}`,
      ],
      [
        shellLine(['python', `${SCRIPTS}/linkage.py`, VENV, '/libraries.txt', ...optional]),
        `touch ${CHECKED}`,
      ],
    ),
  ].join('\n');
}
