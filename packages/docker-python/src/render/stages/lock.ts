import type { LockStage } from '../../plan/types';
import { caMount, run, trustCaBundle } from '../instructions';
import { shellLine } from '../shell';
import { SCRIPTS } from './scripts';

/** Where the exported list lies in the lock stage. */
export const REQUIREMENTS = '/requirements.txt';

/** The lock file -> one hashed list, by the package manager itself. An unrelated change of the lock ends here. */
export function renderLock(stage: LockStage): string {
  const { recipe, root } = stage;
  const place = root === '.' ? '/src' : `/src/${root}`;
  const binds = recipe.files.map((file) => `type=bind,source=${file},target=/src/${file}`);
  const fill = (word: string): string => word.replaceAll('{output}', REQUIREMENTS).replaceAll('{scripts}', SCRIPTS);
  return [
    'FROM builder AS lock',
    `WORKDIR ${place}`,
    run(
      [
        ...binds,
        `type=bind,from=scripts,target=${SCRIPTS}`,
        ...(recipe.network ? [caMount, 'type=cache,id=uv,target=/root/.cache/uv'] : []),
      ],
      [...(recipe.network ? trustCaBundle : []), ...recipe.commands.map((command) => shellLine(command.map(fill)))],
    ),
  ].join('\n');
}
