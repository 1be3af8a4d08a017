import { joinInside } from '../detection/files';
import { DockerPythonError } from '../errors';
import type { Settings } from '../settings/schema';
import { placeOf } from './application';
import { isBelow } from './paths';
import type { PlannedArtifact } from './types';

/** Output of another target that goes into the image. */
export interface Artifact extends PlannedArtifact {
  /** The target that makes it: `web:build`, or `generate` of the project itself. */
  readonly target: string;
}

/**
 * The artifacts that the settings name, with their places.
 *
 * @param trees workspace-relative roots of the project and of its libraries, the project first
 * @throws DockerPythonError INVALID_SETTINGS for paths that leave the workspace or the project
 */
export function planArtifacts(
  artifacts: NonNullable<Settings['artifacts']>,
  trees: readonly [string, ...string[]],
): readonly Artifact[] {
  const [project] = trees;
  return artifacts.map(({ target, from: written, to }) => {
    const from = written.startsWith('{projectRoot}/')
      ? joinInside(project, written.slice('{projectRoot}/'.length))
      : joinInside(written.replace(/^\{workspaceRoot\}\//, ''));
    if (from === undefined || from === '.') throw invalid('from', written, 'a path inside of the workspace');
    if (to === undefined) {
      if (!trees.some((tree) => from !== tree && isBelow(from, tree))) throw placeless(written);
      return { target, from, place: placeOf(from) };
    }
    const inside = joinInside(to);
    if (inside === undefined || inside === '.' || to.startsWith('{')) {
      throw invalid('to', to, 'a path inside of the project');
    }
    return { target, from, place: `${placeOf(project)}/${inside}` };
  });
}

function invalid(key: string, value: string, wanted: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `The path ${JSON.stringify(value)} in "artifacts.${key}" is not ${wanted}.`,
    hint: '"from" starts at the workspace, or with {projectRoot}/; "to" at the project. An example: { "target": "web:build", "from": "dist/apps/web", "to": "static/web" }',
  });
}

function placeless(from: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `The artifact ${JSON.stringify(from)} lies outside of the project, and nothing says where it belongs in the image.`,
    hint: 'Add "to", a path inside of the project: "to": "static/web".',
  });
}
