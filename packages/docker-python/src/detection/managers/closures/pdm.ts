/**
 * PDM with everything that it needs, as tested together, for CPython 3.10 and newer on Linux. Without this, a new
 * release of any of these packages could break every image of every user at once.
 *
 * Renew: `uv lock` a project that depends on `pdm[locked]==2.29.3` with `requires-python = ">=3.10"`, then
 * `uv export --no-hashes --no-emit-project --no-header --no-annotate`; run the recipes' test with the result.
 */
export const PDM: readonly string[] = [
  'anyio==4.13.0',
  'anysqlite==0.0.5',
  'argcomplete==3.7.0',
  'blinker==1.9.0',
  'certifi==2026.4.22',
  'dep-logic==0.7.1',
  'distlib==0.4.0',
  "exceptiongroup==1.3.1 ; python_full_version < '3.11'",
  'filelock==3.29.0',
  'findpython==0.8.0',
  'h11==0.16.0',
  'hishel==1.2.1',
  'httpcore==1.0.9',
  'httpx==0.28.1',
  'id==1.6.1',
  'idna==3.13',
  'installer==1.0.0',
  'markdown-it-py==4.1.0',
  'mdurl==0.1.2',
  'msgpack==1.1.2',
  'packaging==26.2',
  'pbs-installer==2026.5.4',
  'pdm==2.29.3',
  'platformdirs==4.9.6',
  'pygments==2.20.0',
  'pyproject-hooks==1.2.0',
  'python-discovery==1.3.0',
  'python-dotenv==1.2.2',
  'resolvelib==1.2.1',
  'rich==15.0.0',
  'shellingham==1.5.4',
  'socksio==1.0.0',
  'tomli==2.4.1',
  'tomlkit==0.14.0',
  'truststore==0.10.4',
  'typing-extensions==4.15.0',
  'unearth==0.18.2',
  'urllib3==2.6.3',
  'virtualenv==21.3.1',
];
