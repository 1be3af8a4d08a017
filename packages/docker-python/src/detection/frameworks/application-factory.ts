import { searchApplications } from './application-search';
import { factoriesIn } from './find-applications';
import { serve } from './servers';
import type { Framework } from './types';

/** A function that returns an application and needs no arguments, whatever its name. */
export const applicationFactory: Framework = {
  name: 'application factory',
  looksFor: 'a function that returns a web application (create_app ...)',
  candidates: (view) => searchApplications(view, factoriesIn).map((application) => serve(view, application)),
};
