import { absoluteModule } from '../python-source';
import { dedupe, type FoundApplication } from './find-applications';
import { belongsToProject, entryFiles, otherFiles } from './search';
import type { EntryFile, ProjectView } from './types';

/**
 * Applications of the shallowest folder that has any: first in files with usual names, then in all others.
 * Of several, those that the others import are parts; those named like the project come first.
 */
export function searchApplications(
  view: ProjectView,
  find: (view: ProjectView, file: EntryFile) => readonly FoundApplication[],
): readonly FoundApplication[] {
  for (const files of [entryFiles, otherFiles]) {
    const candidates = files(view);
    for (const depth of new Set(candidates.map((file) => file.depth))) {
      const found = candidates.filter((file) => file.depth === depth).flatMap((file) => find(view, file));
      if (found.length > 0) return narrow(view, dedupe(found));
    }
  }
  return [];
}

function narrow(view: ProjectView, found: readonly FoundApplication[]): readonly FoundApplication[] {
  if (found.length === 1) return found;
  const outer = found.filter(
    (one) => !found.some((other) => other !== one && imports(view, other.file.path, one.module)),
  );
  const own = outer.filter(({ file }) => belongsToProject(view, file.path));
  return own.length > 0 ? own : outer.length > 0 ? outer : found;
}

/** Whether a file imports a module or something of it. */
function imports(view: ProjectView, path: string, module: string): boolean {
  return [...(view.tree.facts(path)?.imports.values() ?? [])].some((imported) => {
    const from = absoluteModule(view.tree, path, imported);
    return (
      from === module ||
      (from !== undefined && imported.name !== undefined && `${from}.${imported.name}` === module)
    );
  });
}
