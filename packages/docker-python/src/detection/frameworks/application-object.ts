import { searchApplications } from './application-search';
import { objectsIn } from './find-applications';
import type { Framework } from './types';

/** An application object at module level, wherever it was imported from. */
export const applicationObject: Framework = {
  name: 'application object',
  looksFor: 'a web application object at module level (main.py, app.py ...)',
  candidates: (view) => searchApplications(view, objectsIn),
};
