import { posix } from 'node:path';
import { readBuildFacts } from '../detection/build-facts';
import { readDjangoFacts } from '../detection/django-facts';
import type { FileSource } from '../detection/files';
import { GUNICORN_CONFIG } from '../detection/frameworks/server-table';
import { namedIndexes } from '../detection/indexes';
import type { PythonProject } from '../detection/types';
import { findHooks } from '../plan/hooks';
import { readKnownHosts } from '../plan/known-hosts';
import type { PlanContext } from '../plan/plan';
import { configurationLookedFor } from '../plan/servers';
import type { ResolvedSettings } from '../settings/resolve';
import type { Settings } from '../settings/schema';

/**
 * What a plan needs to know about a project beside its dependencies and processes: hooks, how it is built, what its
 * framework asks for.
 *
 * @throws DockerPythonError from the hooks
 */
export function surroundings(
  files: FileSource,
  root: string,
  project: PythonProject,
  { settings, sources }: ResolvedSettings,
): Omit<PlanContext, 'otherRoots' | 'development' | 'libraries' | 'scripts'> {
  const usesDjango = project.requirements.some(({ name }) => name === 'django');
  const django = usesDjango ? readDjangoFacts(files, root, project.sourceRoots) : undefined;
  const collects = django?.staticRoot !== undefined && django.apps.includes(STATIC_FILES);
  const knownHosts = readKnownHosts(files, root);
  return {
    hooks: findHooks(files, root),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    indexes: namedIndexes(files, root),
    build: readBuildFacts(files, root),
    ...(settings.install
      ? { install: { value: settings.install, from: `"install" in ${sources.install}` } }
      : {}),
    staticFiles:
      collects && settings.collectStatic !== false
        ? [
            {
              kind: 'static-files',
              settings: django.settings.value,
              folder: django.folder,
              env: variables(settings),
            },
          ]
        : [],
    codeNeeds: django?.apps.filter((app) => app === 'django.contrib.gis') ?? [],
    commandFiles: commandFiles(files, root, project),
  };
}

/** The application of Django that has `collectstatic`. */
const STATIC_FILES = 'django.contrib.staticfiles';

/** What the settings module may ask for: the variables of the image, and those that the user gives for the build. */
function variables({ env, collectStatic }: Settings): Readonly<Record<string, string>> {
  return { ...env, ...(collectStatic === false ? {} : collectStatic?.env) };
}

/** Words of the commands that are files of the project, such as `docker/gunicorn.conf.py`, and what a server looks for. */
function commandFiles(files: FileSource, root: string, { processes }: PythonProject): readonly string[] {
  const words = Object.values(processes).flatMap(({ value: { command } }) => [
    ...command,
    ...configurationLookedFor(command),
  ]);
  const written = [...new Set(words)].filter(
    (word) => /^[\w.-][\w./-]*$/.test(word) && !word.startsWith('..'),
  );
  // The configuration of gunicorn is written by setup, after this question.
  return written.filter(
    (word) => word === GUNICORN_CONFIG || files.read(posix.join(root, word)) !== undefined,
  );
}
