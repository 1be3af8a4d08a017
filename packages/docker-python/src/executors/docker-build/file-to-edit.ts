import { posix } from 'node:path';
import type { PythonProject } from '../../detection/types';
import type { FailedStep } from '../../engine/failed-step';
import type { ImageDesign } from '../../pipeline/design-image';
import { SETTINGS_FILE } from '../../settings/file-name';

/**
 * The file by which a failing step is most likely mended: a script of the user that ran in it, else what the stage is
 * made from.
 *
 * @param managed whether the Dockerfile is as we rendered it; one that was edited is mended itself
 */
export function fileToEdit(
  { project, hooks, managed: [dockerfile], plan }: ImageDesign,
  { stage, log }: Pick<FailedStep, 'stage' | 'log'>,
  managed: boolean,
): string {
  if (!managed) return dockerfile.path;
  const settings = posix.join(project.root, SETTINGS_FILE);
  const list = manifestOf(project) ?? settings;
  switch (stage) {
    case 'base':
    case 'builder':
      return hooks.systemPackages?.path ?? `${settings} ("base", "python", "systemPackages")`;
    case 'installer':
      return `${settings} ("base", "python", "installer")`;
    case 'lock':
    case 'lock-dev':
      return list;
    case 'dependencies':
      return hooks.dependencies?.path ?? list;
    case 'libraries': {
      const libraries = plan.stages.find((candidate) => candidate.name === 'libraries');
      const roots = libraries?.name === 'libraries' ? libraries.libraries.map(({ root }) => root) : [];
      return roots.map((root) => posix.join(root, 'pyproject.toml')).join(' or ');
    }
    case 'linkage':
      return `${settings} ("systemPackages": { "runtime": [...] })`;
    case 'application':
      // Our own program says by which setting its failure is mended.
      if (log.some((line) => line.includes('"collectStatic"'))) return `${settings} ("collectStatic")`;
      return hooks.buildCode?.path ?? list;
    default:
      return settings;
  }
}

/** Where the project says what it needs; the lock follows from it. */
function manifestOf({ root, recipe, shared }: PythonProject): string | undefined {
  const manifests = ['pyproject.toml', 'Pipfile', 'setup.cfg', 'setup.py'].map((name) =>
    posix.join(root, name),
  );
  if (shared) return manifests[0];
  return manifests.find((path) => recipe.files.includes(path)) ?? recipe.files[0];
}
