import { DockerPythonError } from '../errors';

/**
 * Names and tags of images. Grammar: OCI distribution specification, "Pulling manifests", and the reference
 * grammar of the distribution project.
 */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const HOST =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const PROJECT_NAME = /^@?[A-Za-z0-9][A-Za-z0-9@/:._-]*$/;

/** The repository of an image: registry, namespace and name, without a tag. A checked value. */
export type Repository = string & { readonly __brand: 'Repository' };
export type Tag = string & { readonly __brand: 'Tag' };

/**
 * The repository name for an Nx project's image.
 *
 * @param project name of the Nx project: `api`, `@acme/api`, `apps/api`
 * @throws DockerPythonError INVALID_IMAGE_NAME where the name has characters that no image can carry
 */
export function imageNameOf(project: string): string {
  const name = project
    .toLowerCase()
    .replace(/^@/, '')
    .replace(/[^a-z0-9/]+/g, '-')
    .replace(/(^|\/)-+|-+(?=\/|$)/g, '$1');
  if (!PROJECT_NAME.test(project) || !REPOSITORY.test(name)) {
    throw new DockerPythonError({
      code: 'INVALID_IMAGE_NAME',
      message: `No image can be named after the project ${JSON.stringify(project)}.`,
      hint: 'Set "image" in docker-python.json: lower-case letters and digits, separated by . _ - or /.',
    });
  }
  return name;
}

/**
 * The full repository of an image.
 *
 * @param image `api` or `payments/api`
 * @param registry `registry.example.com/acme`, or undefined for an image of the local engine
 * @throws DockerPythonError INVALID_IMAGE_NAME
 */
export function repository(image: string, registry: string | undefined): Repository {
  if (!REPOSITORY.test(image)) {
    throw invalid('image', image, 'lower-case letters and digits, separated by . _ - or /, without a tag');
  }
  if (registry === undefined) return image as Repository;
  const [host, ...namespace] = registry.split('/');
  if (!HOST.test(host!) || (namespace.length > 0 && !REPOSITORY.test(namespace.join('/')))) {
    throw invalid(
      'registry',
      registry,
      'a host with an optional port and namespace: registry.example.com:5000/acme',
    );
  }
  return `${registry}/${image}` as Repository;
}

/**
 * The repositories of an image in all of its registries. The first names it.
 *
 * @throws DockerPythonError INVALID_IMAGE_NAME
 */
export function repositories(
  image: string,
  registries: string | readonly string[] | undefined,
): readonly [Repository, ...Repository[]] {
  const [first, ...others] = typeof registries === 'string' ? [registries] : (registries ?? []);
  return [repository(image, first), ...new Set(others.map((registry) => repository(image, registry)))];
}

/** @throws DockerPythonError INVALID_IMAGE_NAME */
export function tag(value: string): Tag {
  if (!TAG.test(value)) {
    throw invalid('tag', value, 'letters, digits, . _ and -, at most 128 characters');
  }
  return value as Tag;
}

function invalid(what: string, value: string, form: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_IMAGE_NAME',
    message: `${JSON.stringify(value)} is not a valid ${what}.`,
    hint: `The form is: ${form}.`,
  });
}
