import type { InstallRecipe } from '../../detection/types';
import type { Installer, LockStage } from '../../plan/types';
import type { BuildEnvironment } from '../../plan/build-environment';
import { networkStep } from '../build-environment';
import { run } from '../instructions';
import { shellLine } from '../shell';
import { SCRIPTS } from './scripts';

/** Where the exported list lies in the lock stage; beside a pylock.toml: what that does not have. */
export const REQUIREMENTS = '/requirements.txt';

/** Where an exported pylock.toml lies in the lock stage. The installer knows it by this name. */
export const PYLOCK = '/pylock.toml';

/** The file that a recipe writes. */
export function listIn({ format }: InstallRecipe): string {
  return format === 'pylock' ? PYLOCK : REQUIREMENTS;
}

/** Where `extraRequirements` lie in the lock stage. */
const EXTRA = '/extra-requirements.txt';

/** Where files of the workspace appear in build steps. */
export const SOURCES = '/src';

/** Package managers that read the lock, away from the application and from the installer. */
export const TOOLS = '/opt/tools';

/** The lock file -> one hashed list, by the package manager itself. An unrelated change of the lock ends here. */
export function renderLock(stage: LockStage, installer: Installer, environment: BuildEnvironment): string {
  const { recipe, root, name, extra } = stage;
  const place = root === '.' ? SOURCES : `${SOURCES}/${root}`;
  const mounts = [
    ...recipe.files.map((file) => `type=bind,source=${file},target=${SOURCES}/${file}`),
    `type=bind,from=scripts,target=${SCRIPTS}`,
  ];
  const fill = (word: string): string =>
    word.replaceAll('{output}', listIn(recipe)).replaceAll('{scripts}', SCRIPTS);
  const script = recipe.commands.map((command) => shellLine(command.map(fill)));
  const tools = toolsBeside(installer, recipe.tools);
  return [
    `FROM builder AS ${name}`,
    ...(tools.length > 0 ? [installTools(tools, environment), `ENV PATH=${TOOLS}/bin:$PATH`] : []),
    `WORKDIR ${place}`,
    recipe.network
      ? networkStep(environment, [...mounts, 'type=cache,id=uv,target=/root/.cache/uv'], script)
      : run(mounts, script),
    ...(extra.length > 0 ? addEntries(recipe, extra) : []),
  ].join('\n');
}

/** Those of some tools that the builder does not have already. */
export function toolsBeside({ name, version }: Installer, tools: readonly string[]): readonly string[] {
  return tools.filter((tool) => tool !== `${name}==${version}`);
}

/** What the project does not declare and its image needs, such as the server; the project's own pins win. */
function addEntries({ format }: InstallRecipe, entries: readonly string[]): readonly string[] {
  const command =
    format === 'pylock' ? ['beside', REQUIREMENTS, PYLOCK, EXTRA] : ['extend', REQUIREMENTS, EXTRA];
  return [
    `COPY <<'EOF' ${EXTRA}\n${entries.join('\n')}\nEOF\n`,
    run(
      [`type=bind,from=scripts,target=${SCRIPTS}`],
      [shellLine(['python', `${SCRIPTS}/requirements.py`, ...command])],
    ),
  ];
}

/** Python tools, pinned, in an environment of their own. */
export function installTools(tools: readonly string[], environment: BuildEnvironment): string {
  return networkStep(
    environment,
    ['type=cache,id=uv,target=/root/.cache/uv'],
    [
      `uv venv -q ${TOOLS}`,
      `uv pip install -q --python ${TOOLS}/bin/python ${tools.map((tool) => shellLine([tool])).join(' \\\n  ')}`,
    ],
  );
}
