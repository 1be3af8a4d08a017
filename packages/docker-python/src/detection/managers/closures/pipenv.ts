/**
 * Pipenv with everything that it needs, as tested together, for CPython 3.10 and newer on Linux. Without this, a new
 * release of any of these packages could break every image of every user at once.
 *
 * Renew: `uv lock` a project that depends on `pipenv==2026.10.3` with `requires-python = ">=3.10"`, then
 * `uv export --no-hashes --no-emit-project --no-header --no-annotate`; run the recipes' test with the result.
 */
export const PIPENV: readonly string[] = [
  'certifi==2026.10.18',
  'distlib==0.4.4',
  "filelock==4.1.0 ; python_full_version < '3.11'",
  "filelock==4.2.12 ; python_full_version >= '3.11'",
  'packaging==26.3',
  'pipenv==2026.10.3',
  "platformdirs==4.12.4 ; python_full_version < '3.11'",
  "platformdirs==4.14.7 ; python_full_version >= '3.11'",
  'python-discovery==1.9.5',
  'setuptools==84.2.1',
  "typing-extensions==4.16.0 ; python_full_version < '3.11'",
  'virtualenv==21.15.8',
];
