/** Environment variables that stand for a setting (FEATURES B8) and that change an image: inputs of the Nx hash. */
export const IMAGE_ENVIRONMENT = {
  DOCKER_PYTHON_IMAGE: 'image',
  DOCKER_PYTHON_REGISTRY: 'registry',
  DOCKER_PYTHON_EXTRA_BUILD_ARGS: 'extraBuildArgs',
} as const;

/** All of them. What says where an image goes changes none. */
export const SETTINGS_ENVIRONMENT = {
  ...IMAGE_ENVIRONMENT,
  DOCKER_PYTHON_STORE: 'store',
  DOCKER_PYTHON_TAGS: 'tags',
} as const;

/** Lists are separated by blanks, names of images and tags by commas as well. */
export const LIST_SEPARATORS = {
  extraBuildArgs: /\s+/,
  registry: /[\s,]+/,
  tags: /[\s,]+/,
} as const;
