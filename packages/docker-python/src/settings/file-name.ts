/** Name of the settings file in a project's root. */
export const SETTINGS_FILE = 'docker-python.json';
