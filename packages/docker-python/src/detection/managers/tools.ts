/**
 * Versions of the tools that read lock files in an image's `lock` stage. uv is also the installer, so this is the
 * one place where its version stands. Raising one of them re-runs that stage for everybody, and nothing else.
 */
export const UV_VERSION = '0.13.9';

/** uv as a requirement that an installer takes. */
export const UV = `uv==${UV_VERSION}`;

/** Placeholder in a recipe's commands: the file to write. */
export const OUTPUT = '{output}';

/** Placeholder in a recipe's commands: the folder that holds the plugin's helper scripts (`requirements.py`). */
export const SCRIPTS = '{scripts}';
