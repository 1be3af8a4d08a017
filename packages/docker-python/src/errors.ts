/**
 * The one error type of the plugin. Every failure that a user can meet has a code, a message that says
 * what happened and where, and a hint that says what to do next.
 */

/** Codes are stable: documentation and scripts refer to them. */
export type ErrorCode =
  | 'AMBIGUOUS_COMMAND'
  | 'AMBIGUOUS_MANAGER'
  | 'ARTIFACT_MISSING'
  | 'ATTEST_UNSUPPORTED'
  | 'AUDIT_NO_DATABASE'
  | 'AUDIT_VULNERABLE'
  | 'BASE_UNRESOLVED'
  | 'BUILDER_MISSING'
  | 'BUILDX_MISSING'
  | 'BUILD_FAILED'
  | 'BUILD_VARIABLE_MISSING'
  | 'CA_BUNDLE_MISSING'
  | 'COMMAND_NOT_FOUND'
  | 'COMPOSE_FAILED'
  | 'CONFLICTING_PYTHON'
  | 'CONTEXT_MISMATCH'
  | 'ENGINE_FAILED'
  | 'ENGINE_MISSING'
  | 'ENGINE_NOT_RUNNING'
  | 'ENGINE_PERMISSION'
  | 'ENGINE_TOO_OLD'
  | 'FILE_EXISTS'
  | 'IMAGE_MISSING'
  | 'IMAGE_UNREADABLE'
  | 'INDEX_UNAUTHORIZED'
  | 'INVALID_HOOK'
  | 'INVALID_IMAGE_NAME'
  | 'INVALID_MANIFEST'
  | 'INVALID_RECORD'
  | 'INVALID_SETTINGS'
  | 'LOCAL_PACKAGE_CYCLE'
  | 'LOCAL_PACKAGE_MISSING'
  | 'LOCK_MISSING'
  | 'LOCK_OUT_OF_DATE'
  | 'MANAGED_FILE_MISSING'
  | 'MANAGED_FILE_STALE'
  | 'NOT_A_PYTHON_PROJECT'
  | 'OUTSIDE_WORKSPACE'
  | 'PINS_OUT_OF_DATE'
  | 'PINS_UNKNOWN_PACKAGE'
  | 'PINS_UNRESOLVED'
  | 'PINS_WITHOUT_SOURCE'
  | 'PLATFORM_MISMATCH'
  | 'PLATFORM_UNSUPPORTED'
  | 'PROCESS_ENDED'
  | 'PROCESS_UNKNOWN'
  | 'PROJECT_UNKNOWN'
  | 'REGISTRY_BLOB_MISSING'
  | 'REGISTRY_DENIED'
  | 'REGISTRY_MISMATCH'
  | 'REGISTRY_MISSING'
  | 'REGISTRY_NAME_UNKNOWN'
  | 'REGISTRY_UNAUTHORIZED'
  | 'REGISTRY_UNAVAILABLE'
  | 'REQUIREMENTS_MISSING'
  | 'SLICE_EDITED'
  | 'SLICE_STALE'
  | 'SMOKE_BROKEN_IMAGE'
  | 'SMOKE_INTERRUPTED'
  | 'SMOKE_NEEDS_CONFIGURATION'
  | 'SMOKE_NEEDS_SERVICE'
  | 'SMOKE_SCRIPT_FAILED'
  | 'SSH_AGENT_MISSING'
  | 'UNKNOWN_SETTING'
  | 'UNSUPPORTED_BASE'
  | 'UNSUPPORTED_PATH'
  | 'UNSUPPORTED_PROJECT'
  | 'UNSUPPORTED_PYTHON';

export interface ErrorDetails {
  readonly code: ErrorCode;
  /** What happened, and in which file, option or step. One or two sentences, no stack trace. */
  readonly message: string;
  /** What to do next, with the exact command or setting where there is one. */
  readonly hint: string;
  /** More about it, in lines that stand between message and hint. */
  readonly detail?: string;
  readonly cause?: unknown;
}

export class DockerPythonError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly detail?: string;

  constructor({ code, message, hint, detail, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DockerPythonError';
    this.code = code;
    this.hint = hint;
    if (detail !== undefined) this.detail = detail;
  }
}

/**
 * The text a user reads on the terminal.
 *
 * @param error anything that was thrown
 * @returns code, message and hint for our own errors; the bare message for foreign ones
 */
export function formatError(error: unknown): string {
  if (error instanceof DockerPythonError) {
    const detail = error.detail === undefined ? '' : `\n\n${error.detail}`;
    return `${error.code}: ${error.message}${detail}\n\nWhat to do: ${error.hint}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * The known name that a misspelt one was probably meant to be.
 *
 * @param word what was written
 * @param known the names that exist
 * @returns the nearest name by edit distance, or undefined where none is near (more than a third differs)
 */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name));
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.name : undefined;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, substitution));
    }
    row = next;
  }
  return row[b.length]!;
}
