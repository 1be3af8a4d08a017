/**
 * pip-audit, and what reads severities, with everything that they need, as tested together, for CPython 3.10 and newer
 * on Linux. Without this, a new release of any of these packages could break every audit of every user at once.
 *
 * Renew: `uv lock` a project that depends on `pip-audit==2.10.1 cvss==3.6` with `requires-python = ">=3.10"`, then
 * `uv export --no-hashes --no-emit-project --no-header --no-annotate`; run the audit's test with the result.
 */
export const PIP_AUDIT: readonly string[] = [
  'boolean-py==5.0',
  'cachecontrol==0.14.4',
  'certifi==2026.10.19.post1',
  'charset-normalizer==3.5.3',
  'cvss==3.6',
  'cyclonedx-python-lib==11.12.0',
  'defusedxml==0.7.1',
  "filelock==4.1.0 ; python_full_version < '3.11'",
  "filelock==4.3.1 ; python_full_version >= '3.11'",
  'idna==3.20',
  'license-expression==30.4.4',
  'markdown-it-py==4.3.0',
  'mdurl==0.1.2',
  'msgpack==1.2.4',
  'packageurl-python==0.17.6',
  'packaging==26.4',
  'pip==26.3',
  'pip-api==0.0.35',
  'pip-audit==2.10.1',
  'pip-requirements-parser==32.0.1',
  "platformdirs==4.12.4 ; python_full_version < '3.11'",
  "platformdirs==4.14.8 ; python_full_version >= '3.11'",
  'py-serializable==2.2.0',
  'pygments==2.21.0',
  'pyparsing==3.3.3',
  'requests==2.34.2',
  'rich==15.0.0',
  'sortedcontainers==2.4.0',
  'tomli==2.5.0',
  'tomli-w==1.2.0',
  "typing-extensions==4.16.0 ; python_full_version < '3.13'",
  'urllib3==2.8.0',
];
