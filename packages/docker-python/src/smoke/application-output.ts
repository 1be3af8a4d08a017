const TRACEBACK = 'Traceback (most recent call last):';
const CHAINED = /^(During handling of the above exception|The above exception was the direct cause)/;

/** Errors by which a supervisor says that what it supervises has failed. */
const SUPERVISORS = /^gunicorn\.errors\.HaltServer\b/;

/**
 * Output without the tracebacks of a supervisor: gunicorn, whose workers fail at the same time, prints one of its
 * own after theirs, and it hides the cause.
 */
export function applicationOutput(logs: string): string {
  const lines = logs.split('\n');
  for (;;) {
    const end = lines.findLastIndex((line) => SUPERVISORS.test(line));
    const start = lines.slice(0, Math.max(end, 0)).lastIndexOf(TRACEBACK);
    if (end === -1 || start === -1) return lines.join('\n');
    // What links it to the traceback before goes as well.
    const before = lines.slice(0, start).findLastIndex((line) => line.trim() !== '');
    const first = before >= 0 && CHAINED.test(lines[before]!) ? before : start;
    lines.splice(first, end - first + 1);
  }
}
