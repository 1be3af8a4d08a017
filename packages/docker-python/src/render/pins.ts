import type { PinRecipe } from '../detection/managers/pins';
import type { ImagePlan } from '../plan/types';
import { readAsset } from './assets';
import { networkStep } from './build-environment';
import { builderStages, installerOf } from './dockerfile';
import { shellLine } from './shell';
import { installTools, SOURCES, TOOLS, toolsBeside } from './stages/lock';
import { SCRIPTS } from './stages/scripts';

/** The stage that holds nothing but what is handed over. */
export const PINS_STAGE = 'pins';

/** Files that it has beside the pins. */
export const PINS_LOG = 'log.txt';
export const PINS_FAILED = 'failed';

/** Its folder with the pins, at their workspace-relative places. */
export const PINS_FOLDER = 'pins';

/** Another value each time: what an index has to offer is no input that an engine could see. */
export const RESOLVED_AT = 'RESOLVED_AT';

const OUT = '/out';

/**
 * A Dockerfile that makes pins anew in the builder of an image. Resolvers that find no solution do not fail the build:
 * what they say is handed over as well, as they say it.
 */
export function renderPins(plan: ImagePlan, recipe: PinRecipe): string {
  const place = recipe.root === '.' ? SOURCES : `${SOURCES}/${recipe.root}`;
  const tools = toolsBeside(installerOf(plan), recipe.tools);
  const commands = recipe.commands.map((command) =>
    shellLine(command.map((word) => word.replaceAll('{scripts}', SCRIPTS))),
  );
  return `${[
    ...builderStages(plan),
    `FROM scripts AS pin-scripts\nCOPY <<'EOF' /pins.py\n${readAsset('scripts', 'pins.py').trimEnd()}\nEOF`,
    [
      'FROM builder AS resolve',
      ...(tools.length > 0
        ? [installTools(tools, plan.buildEnvironment), `ENV PATH=${TOOLS}/bin:$PATH`]
        : []),
      `WORKDIR ${place}`,
      `COPY . ${SOURCES}/`,
      `ARG ${RESOLVED_AT}`,
      networkStep(
        plan.buildEnvironment,
        [`type=bind,from=pin-scripts,target=${SCRIPTS}`, 'type=cache,id=uv,target=/root/.cache/uv'],
        [
          'export NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1',
          `mkdir -p ${OUT}/${PINS_FOLDER}`,
          `if { ${commands.join(' &&\n')}`,
          `} > ${OUT}/${PINS_LOG} 2>&1; then`,
          ...recipe.outputs.flatMap((file) => handOver(file)),
          'else',
          `  echo $? > ${OUT}/${PINS_FAILED}`,
          'fi',
        ],
      ),
    ].join('\n'),
    `FROM scratch AS ${PINS_STAGE}\nCOPY --from=resolve ${OUT}/ /`,
  ].join('\n\n')}\n`;
}

function handOver(file: string): readonly string[] {
  const target = `${OUT}/${PINS_FOLDER}/${file}`;
  return [
    `  mkdir -p ${shellLine([target.slice(0, target.lastIndexOf('/'))])}`,
    `  cp ${shellLine([`${SOURCES}/${file}`, target])}`,
  ];
}
