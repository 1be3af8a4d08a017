import { backendManager } from './backends';
import { buildBackend, glanceAtPyproject, inRoot } from './pyproject';

/**
 * setuptools, from pyproject.toml, setup.cfg or setup.py: the default of PEP 517, so that it is also in charge where
 * no build backend is named, and of `[project]` with a backend that has no manager of its own (maturin, meson-python).
 */
export const setuptools = backendManager(
  'setuptools',
  'pyproject.toml with [project], setup.cfg or setup.py',
  ({ files, root }) => {
    const pyproject = glanceAtPyproject(files, root);
    if (pyproject && ('project' in pyproject.table || buildBackend(pyproject) !== undefined))
      return pyproject.path;
    return ['setup.py', 'setup.cfg']
      .map((name) => inRoot(root, name))
      .find((path) => isPackage(files.read(path), path));
  },
);

/** A setup.cfg may configure nothing but linters. */
function isPackage(text: string | undefined, path: string): boolean {
  return text !== undefined && (!path.endsWith('.cfg') || /^\[(?:metadata|options)\]/m.test(text));
}
