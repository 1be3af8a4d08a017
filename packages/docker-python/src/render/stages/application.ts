import type { ApplicationStage } from '../../plan/types';
import { run } from '../instructions';
import { shellLine } from '../shell';
import { VENV } from './dependencies';
import { SCRIPTS } from './scripts';

/** The project's source tree at its workspace-relative place, importable, with metadata and bytecode. */
export function renderApplication(stage: ApplicationStage, python: string): string {
  const trees = stage.trees.map((tree) => ({ source: tree === '.' ? '/src' : `/src/${tree}`, tree }));
  return [
    'FROM base AS application',
    run(
      [
        ...trees.map(({ tree, source }) => `type=bind,source=${tree},target=${source}`),
        `type=bind,from=scripts,target=${SCRIPTS}`,
      ],
      [
        `PYTHONHASHSEED=0 ${[
          `python ${SCRIPTS}/application.py --out /out`,
          shellLine(['--place', stage.place, '--distribution', stage.distribution]),
          shellLine([
            '--site',
            `${VENV}/lib/python${python}/site-packages`,
            '--bin',
            `${VENV}/bin`,
            '--python',
            `${VENV}/bin/python`,
          ]),
          ...trees.map(({ tree, source }) =>
            shellLine(['--tree', `${source}:${tree === '.' ? '/app' : `/app/${tree}`}`]),
          ),
          ...stage.importPath.map((folder) => shellLine(['--path', folder])),
          ...stage.leaveOut.map((file) => shellLine(['--without', file])),
        ].join(' \\\n  ')}`,
      ],
    ),
  ].join('\n');
}
