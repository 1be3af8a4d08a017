/** Environment variables that stand for a setting (FEATURES B8). They are inputs of the Nx hash. */
export const SETTINGS_ENVIRONMENT = {
  DOCKER_PYTHON_IMAGE: 'image',
  DOCKER_PYTHON_REGISTRY: 'registry',
  DOCKER_PYTHON_EXTRA_BUILD_ARGS: 'extraBuildArgs',
} as const;
