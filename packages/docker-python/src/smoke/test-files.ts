/**
 * Project-relative files that a smoke test reads where they are there; no change of them gives another image. The script
 * may start the services by itself, so that no setting names those.
 */
export const TEST_FILES: readonly string[] = [
  'docker/smoke-test.sh',
  'docker/smoke-test.compose.yml',
  'docker/smoke-test.compose.yaml',
];
