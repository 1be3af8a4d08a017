/** Names of the inferred targets where nx.json does not say otherwise. */
export const TARGET_NAMES = {
  build: 'docker-build',
  diagnose: 'diagnose',
  smokeTest: 'smoke-test',
  push: 'push',
  run: 'docker-run',
  pinDeps: 'pin-deps',
  audit: 'audit',
} as const;

export type TargetKind = keyof typeof TARGET_NAMES;
