/** An instruction of a Dockerfile, with the texts of its heredocs. */
export interface InstructionText {
  /** Index of its first line, and of the line after its last. */
  readonly start: number;
  readonly end: number;
  /** `RUN`. */
  readonly name: string;
  /** Flags such as `--mount=type=bind,...`, in order. */
  readonly flags: readonly string[];
  /** The rest, continuations joined, without heredocs. */
  readonly rest: string;
  readonly heredocs: readonly { readonly name: string; readonly text: string }[];
}

/** All instructions of a Dockerfile, in order. */
export function instructionsOf(lines: readonly string[]): readonly InstructionText[] {
  const found: InstructionText[] = [];
  for (let at = 0; at < lines.length;) {
    if (/^\s*(#|$)/.test(lines[at]!)) {
      at++;
    } else {
      const instruction = instructionAt(lines, at);
      found.push(instruction);
      at = instruction.end;
    }
  }
  return found;
}

/**
 * The instruction that begins at a line of a Dockerfile. Source: the Dockerfile reference, "Parser directives",
 * "Here-Documents"; comment lines within an instruction do not count.
 *
 * @param lines the file
 * @param start index of its first line
 */
function instructionAt(lines: readonly string[], start: number): InstructionText {
  let at = start;
  let text = '';
  for (let open = true; open && at < lines.length; at++) {
    const line = lines[at]!;
    if (text !== '' && /^\s*#/.test(line)) continue;
    open = /\\\s*$/.test(line);
    text += open ? `${line.replace(/\\\s*$/, '')} ` : line;
  }
  const [, name = '', body = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const flags = /^(?:--\S+\s+)*/.exec(body)![0];
  const rest = body.slice(flags.length).trim();
  const marks = takesHeredocs(name) ? [...rest.matchAll(/<<-?(["']?)([A-Za-z_]\w*)\1/g)] : [];
  const heredocs = marks.map((match) => {
    const end = lines.findIndex((line, i) => i >= at && line.trim() === match[2]);
    const stop = end === -1 ? lines.length : end;
    const heredoc = { name: match[2]!, text: lines.slice(at, stop).join('\n') };
    at = stop + 1;
    return heredoc;
  });
  return {
    start,
    end: at,
    name: name.toUpperCase(),
    flags: flags.split(/\s+/).filter(Boolean),
    rest,
    heredocs,
  };
}

function takesHeredocs(name: string): boolean {
  return /^(RUN|COPY|ADD)$/i.test(name);
}
