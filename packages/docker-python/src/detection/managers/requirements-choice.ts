import type { FileSource } from '../files';
import { inRoot } from './pyproject';

/**
 * Names of requirements lists, the production one first. Source: the 14 of 102 public applications that have several
 * (see the fixtures of this table's test). A file named for production wins over `requirements.txt`, which in such
 * projects is either included by it or an alias of it.
 */
export const REQUIREMENTS_FILES: readonly string[] = [
  'requirements/production.txt',
  'requirements/prod.txt',
  'requirements-production.txt',
  'requirements-prod.txt',
  'requirements_production.txt',
  'requirements_prod.txt',
  'requirements.prod.txt',
  'requirements.production.txt',
  'production-requirements.txt',
  'production_requirements.txt',
  'prod-requirements.txt',
  'prod_requirements.txt',
  'docker-requirements.txt',
  'requirements-docker.txt',
  'requirements/docker.txt',
  'docker/requirements.txt',
  'requirements.txt',
  'requirements.lock',
  'requirements.pip',
  'requirements/requirements.txt',
  'requirements/main.txt',
  'requirements/default.txt',
  'requirements/base.txt',
  'requirements/common.txt',
  'requirements/core.txt',
  'requirements/app.txt',
  'requirements/runtime.txt',
  'requirements/deploy.txt',
  'requirements-base.txt',
  'requirements_base.txt',
  'requirements-main.txt',
  'deploy-requirements.txt',
  'deploy.txt',
  'requirements',
];

/** Lists for a resolver: what pip-tools and uv compile a `.txt` from. */
export const REQUIREMENTS_SOURCES: readonly string[] = [
  'requirements.in',
  'requirements/production.in',
  'requirements/prod.in',
  'requirements/main.in',
  'requirements/base.in',
];

/** The first of some names that a project has. */
export function firstFile(files: FileSource, root: string, names: readonly string[]): string | undefined {
  return presentFiles(files, root, names).find((path) => files.read(path) !== undefined);
}

/** Those of some names that a project may have, as its own listing says: asking for each would take much longer. */
export function presentFiles(files: FileSource, root: string, names: readonly string[]): readonly string[] {
  const present = new Set(files.list(root));
  return names
    .filter((name) => present.has(name.slice(0, name.indexOf('/') + 1) || name))
    .map((name) => inRoot(root, name));
}
