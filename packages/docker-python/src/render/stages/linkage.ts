import type { LinkageStage } from '../../plan/types';
import { run } from '../instructions';
import { shellLine } from '../shell';
import { VENV } from './dependencies';
import { SCRIPTS } from './scripts';

/** What the stage leaves behind when all is well. Later stages mount it, so that they wait for the check. */
export const CHECKED = '/checked';

/** Where the files of a stage are looked at. */
const PLACES = { dependencies: VENV, libraries: '/run/libraries' } as const;

/** Every shared library of the virtualenv, seen from the base of the image rather than from the builder. */
export function renderLinkage({ packages, optional, parts }: LinkageStage): string {
  const table = Object.entries(packages).map(([library, name]) => `${library} ${name}`);
  return [
    'FROM base AS linkage',
    ...(table.length > 0 ? [`COPY <<'EOF' /libraries.txt`, ...table, 'EOF', ''] : []),
    // A step for each: that of the dependencies need not wait for the libraries, nor run again for their sake.
    ...parts.map((part) =>
      run(
        [
          `type=bind,from=${part},source=/out${VENV},target=${PLACES[part]}`,
          `type=bind,from=scripts,target=${SCRIPTS}`,
        ],
        [
          shellLine(['python', `${SCRIPTS}/linkage.py`, PLACES[part], '/libraries.txt', ...optional]),
          `touch ${CHECKED}`,
        ],
      ),
    ),
  ].join('\n');
}
