import type { Installer, LockStage } from '../../plan/types';
import { caMount, run, trustCaBundle } from '../instructions';
import { shellLine, shellWord } from '../shell';
import { SCRIPTS } from './scripts';

/** Where the exported list lies in the lock stage. */
export const REQUIREMENTS = '/requirements.txt';

/** The lock file -> one hashed list, by the package manager itself. An unrelated change of the lock ends here. */
export function renderLock(stage: LockStage): string {
  const { recipe, root } = stage;
  const place = root === '.' ? '/src' : `/src/${root}`;
  const binds = recipe.files.map((file) => `type=bind,source=${file},target=/src/${file}`);
  const fill = (word: string): string =>
    word.replaceAll('{output}', REQUIREMENTS).replaceAll('{scripts}', SCRIPTS);
  return [
    'FROM builder AS lock',
    ...installTools(recipe.tools, stage.installer),
    `WORKDIR ${place}`,
    run(
      [
        ...binds,
        `type=bind,from=scripts,target=${SCRIPTS}`,
        ...(recipe.network ? [caMount, 'type=cache,id=uv,target=/root/.cache/uv'] : []),
      ],
      [
        ...(recipe.network ? trustCaBundle : []),
        ...recipe.commands.map((command) => shellLine(command.map(fill))),
      ],
    ),
  ].join('\n');
}

/** The package manager, with its whole tested closure, away from everything else; uv itself is there already. */
function installTools(tools: readonly string[], installer: Installer): readonly string[] {
  const missing = tools.filter((tool) => tool !== `${installer.name}==${installer.version}`);
  if (missing.length === 0) return [];
  return [
    run(
      [caMount, 'type=cache,id=uv,target=/root/.cache/uv'],
      [
        ...trustCaBundle,
        'uv venv -q /opt/manager',
        'uv pip install -q --python /opt/manager/bin/python --no-deps \\',
        `  ${missing.map(shellWord).join(' \\\n  ')}`,
      ],
    ),
    'ENV PATH=/opt/manager/bin:$PATH',
  ];
}
