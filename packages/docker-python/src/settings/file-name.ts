/** Name of the settings file in a project's root. */
export const SETTINGS_FILE = 'docker-python.json';

/** Name of the base lock at the workspace root. */
export const BASE_LOCK_FILE = 'docker-python.lock.json';

/**
 * The key of an image in the base lock. Nx reads the dots of a field name as a path (measured with 24.0), and no
 * reference has a comma, so that each image is an input of its own.
 */
export function baseKey(image: string): string {
  return image.replaceAll('.', ',');
}
