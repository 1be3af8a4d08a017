import type { ExecutorContext } from '@nx/devkit';
import { diskFiles } from '../../detection/files';
import type { Engine } from '../../engine/types';
import { DockerPythonError } from '../../errors';
import { syntaxFindings } from '../../pipeline/syntax-findings';
import { SHIPPED } from '../../record/image-record';
import { tag } from '../../reference/image-name';
import { listOf } from '../../settings/option-text';
import { readOptionSettings } from '../../settings/resolve';
import { buildProject } from '../build-project';
import { readProject } from '../project';
import { closingLine } from './closing-line';
import type { DockerBuildOptions } from './options';

/**
 * Builds the image of the project in question, or finds that it exists, and writes the image record.
 *
 * @returns the line that sums it up, after notes about a Dockerfile that is not managed, and code that cannot run
 * @throws DockerPythonError
 */
export async function runBuild(
  engine: Engine,
  options: DockerBuildOptions,
  context: ExecutorContext,
): Promise<string> {
  const started = performance.now();
  const { cache = true, pull = false, stage: target = SHIPPED, progress = 'auto', ...rest } = options;
  const project = readProject(
    context,
    readOptionSettings({ ...rest, ...platformSetting(options) }, 'the options of this run'),
    target,
  );
  const tags = (
    options.tag === undefined ? [target === SHIPPED ? 'latest' : target] : listOf(options.tag, 'tag')
  ).map(tag);
  const buildArgs = parseBuildArgs(listOf(options.buildArg, 'buildArg'));
  const choices = { cache, pull, target, tags, buildArgs, progress, askRegistry: true };
  const { outcome, before, note } = await buildProject(engine, project, choices, context);
  const seconds = (performance.now() - started) / 1000;
  const summary = closingLine({ project: project.name, tags, outcome, before, seconds });
  // Where nothing was built it has been said before.
  const seen = outcome.origin === 'built' ? syntaxFindings(diskFiles(context.root), project.design) : [];
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...seen.map(({ message, hint }) => `${message} ${hint}`),
  ];
  return [...notes.map((text) => `Note: ${text}`), summary].join('\n');
}

function platformSetting(options: DockerBuildOptions): { platforms?: readonly string[] } {
  return options.platform === undefined ? {} : { platforms: listOf(options.platform, 'platform') };
}

/** `NAME=value` pairs. Values are part of the image, so they are no place for secrets. */
function parseBuildArgs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new DockerPythonError({
        code: 'INVALID_SETTINGS',
        message: `The build argument ${JSON.stringify(pair)} is not of the form NAME=value.`,
        hint: 'Write --buildArg=NAME=value, once for each argument.',
      });
    }),
  );
}
