/** The step of a Dockerfile at which a build ended, as BuildKit tells of it. */
export class FailedStep {
  constructor(
    /** As BuildKit names it: `[dependencies 2/2]`, with the platform where there are several. */
    readonly name: string,
    /** Empty where the stage has no name. */
    readonly stage: string,
    /** First line of its instruction in the Dockerfile, counted from 1. */
    readonly line: number,
    /** The end of what it printed. */
    readonly log: readonly string[],
    /** Only where the build is for several platforms. */
    readonly platform?: string,
  ) {}
}

/** Of a step's output; the whole of it stands above. */
const LOG_LINES = 15;

/**
 * Finds the failing step in the output of a build with plain progress.
 *
 * Source: the printers of BuildKit, `util/progress/progressui` (the log between two rules) and `solver/errdefs`
 * (`<file>:<line>`, then an excerpt between two rules).
 *
 * @returns undefined where no step of the Dockerfile failed: no base image, no engine, a syntax error
 */
export function failedStep(output: string): FailedStep | undefined {
  const text = output.replaceAll('\r\n', '\n');
  const place = /^[^\n]*?:(\d+)\n-{10,}\n\s*\d+ \|/m.exec(text);
  const said = [...text.matchAll(/^------\n > \[([^\]\n]*\d\/\d+)\] [^\n]*\n([\s\S]*?)^------$/gm)].at(-1);
  if (!place || !said) return undefined;
  const [name, body] = [said[1]!, said[2]!];
  const words = name.split(' ').slice(0, -1);
  const platform = words.find((word) => word.includes('/'));
  const stage = words.find((word) => !word.includes('/')) ?? '';
  const log = whole(
    body
      .split('\n')
      .map((line) => line.replace(/^\d+\.\d+ /, '').trimEnd())
      .filter((line) => line !== ''),
  );
  return new FailedStep(`[${name}]`, stage, Number(place[1]), log.slice(-LOG_LINES), platform);
}

/**
 * Lines as the program meant them. uv writes `error` and `: ...` one after the other, and BuildKit makes a line of each
 * piece that arrives by itself; the first pieces may be gone, since BuildKit keeps the end only.
 */
function whole(lines: readonly string[]): readonly string[] {
  return lines.reduce<string[]>((done, line) => {
    if (!line.startsWith(': ')) return [...done, line];
    const before = done.at(-1);
    return before === undefined ? [line.slice(2)] : [...done.slice(0, -1), `${before}${line}`];
  }, []);
}
