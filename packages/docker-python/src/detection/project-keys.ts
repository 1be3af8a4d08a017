import { nearestName } from '../errors';
import type { FileSource } from './files';
import { glanceAtPyproject } from './managers/pyproject';
import { tableAt } from './toml';
import type { Finding } from './types';

/** Keys of `[project]`. Source: "pyproject.toml specification" of the packaging specifications (PEP 621, 639, 794). */
const PROJECT_KEYS: readonly string[] = [
  'authors',
  'classifiers',
  'dependencies',
  'description',
  'dynamic',
  'entry-points',
  'gui-scripts',
  'import-names',
  'import-namespaces',
  'keywords',
  'license',
  'license-files',
  'maintainers',
  'name',
  'optional-dependencies',
  'readme',
  'requires-python',
  'scripts',
  'urls',
  'version',
];

/** Keys that `[project]` does not have: most build tools ignore them, and with them what their author meant. */
export function unknownProjectKeys(files: FileSource, root: string): readonly Finding[] {
  const pyproject = glanceAtPyproject(files, root);
  return Object.keys(tableAt(pyproject?.table, 'project'))
    .filter((key) => !PROJECT_KEYS.includes(key))
    .map((key) => {
      const near = nearestName(key, PROJECT_KEYS);
      return {
        code: 'unknown-project-key',
        message: `[project] in ${pyproject!.path} has the key "${key}", which means nothing there.`,
        hint: near
          ? `Did you mean "${near}"?`
          : 'Remove it, or move it to the [tool] table of whoever reads it.',
      };
    });
}
