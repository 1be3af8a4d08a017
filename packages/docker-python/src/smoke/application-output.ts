const TRACEBACK = 'Traceback (most recent call last):';
const CHAINED = /^(During handling of the above exception|The above exception was the direct cause)/;

/** Errors by which a supervisor says that what it supervises has failed. */
const SUPERVISORS = /^gunicorn\.errors\.HaltServer\b/;

/** How a traceback says at its end what was raised. */
const RAISED = /^[A-Za-z_][\w.]*(?::|$)/;

/** The output of the application itself, as far as it says something whole. */
export function applicationOutput(logs: string): string {
  return withoutCutOff(withoutSupervisors(logs.split('\n'))).join('\n');
}

/** Of several workers that fail alike, some are ended while they still say so: their tracebacks have no end. */
function withoutCutOff(lines: readonly string[]): readonly string[] {
  for (;;) {
    const start = lines.lastIndexOf(TRACEBACK);
    const isOnlyOne = !lines.slice(0, Math.max(start, 0)).includes(TRACEBACK);
    if (isOnlyOne || lines.slice(start + 1).some((line) => RAISED.test(line))) return lines;
    lines = lines.slice(0, start);
  }
}

/**
 * Output without the tracebacks of a supervisor: gunicorn, whose workers fail at the same time, prints one of its
 * own after theirs, and it hides the cause.
 */
function withoutSupervisors(output: readonly string[]): readonly string[] {
  const lines = [...output];
  for (;;) {
    const end = lines.findLastIndex((line) => SUPERVISORS.test(line));
    const start = lines.slice(0, Math.max(end, 0)).lastIndexOf(TRACEBACK);
    if (end === -1 || start === -1) return lines;
    // What links it to the traceback before goes as well.
    const before = lines.slice(0, start).findLastIndex((line) => line.trim() !== '');
    const first = before >= 0 && CHAINED.test(lines[before]!) ? before : start;
    lines.splice(first, end - first + 1);
  }
}
