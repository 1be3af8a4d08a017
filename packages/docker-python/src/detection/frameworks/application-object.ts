import { searchApplications } from './application-search';
import { factoriesIn, objectsIn, type FoundApplication } from './find-applications';
import { serve } from './servers';
import type { Framework, ProjectView } from './types';

/** An application object at module level, wherever it was imported from. */
export const applicationObject: Framework = {
  name: 'application object',
  looksFor: 'a web application object at module level (main.py, app.py ...)',
  candidates: (view) =>
    searchApplications(view, objectsIn)
      .flatMap((found) => [found, ...finishersOf(view, found)])
      .map((application) => serve(view, application)),
};

/**
 * Functions beside an object that return this very object: until they have run, it may lack its routes. Whether it
 * does, no parser can tell, so the user is asked. An object that such a function has made already is another matter.
 */
function finishersOf(
  view: ProjectView,
  { file, name, origin }: FoundApplication,
): readonly FoundApplication[] {
  const made = view.tree.facts(file.path)?.assignments.findLast((assignment) => assignment.name === name);
  if (made === undefined || origin !== `${file.path}:${made.line}`) return [];
  return factoriesIn(view, file).filter((factory) => factory.origin === origin);
}
