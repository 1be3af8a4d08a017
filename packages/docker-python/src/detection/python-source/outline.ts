/** A file in two halves with the same line numbers: what runs at module level, and functions and classes. */
export interface Outline {
  readonly statements: string;
  readonly definitions: string;
}

/** What can change how the rest of a line is read: quotes, comments, brackets, continuations, line ends. */
const SPECIAL = /"""|'''|["'#()[\]{}\\\n]/g;
const DEFINITION = /^(?:@|def\s|class\s|async\s+def\s)/;

/**
 * Splits a file at its top-level statements, so that the functions of a large module are parsed only if they
 * matter. Nothing is concluded here: both halves go through the parser.
 *
 * @returns undefined where brackets or quotes do not match: such a file is parsed as a whole
 */
export function outline(source: string): Outline | undefined {
  const starts = topLevelLines(source);
  if (!starts) return undefined;
  let statements = '';
  let definitions = '';
  for (let i = 0; i < starts.length;) {
    const definition = isDefinition(source, starts[i]!);
    const from = starts[i]!;
    while (i < starts.length && isDefinition(source, starts[i]!) === definition) i++;
    const text = source.slice(from, starts[i] ?? source.length);
    const blank = '\n'.repeat(text.split('\n').length - 1);
    statements += definition ? blank : text;
    definitions += definition ? text : blank;
  }
  return { statements, definitions };
}

function isDefinition(source: string, at: number): boolean {
  return DEFINITION.test(source.slice(at, at + 20));
}

/** Where the lines begin that start a statement at the left margin; the first one is 0. */
function topLevelLines(source: string): readonly number[] | undefined {
  const starts = [0];
  let depth = 0;
  const special = new RegExp(SPECIAL);
  for (let match = special.exec(source); match; match = special.exec(source)) {
    const found = match[0];
    if (found === '\n') {
      const next = source[special.lastIndex];
      if (depth === 0 && next !== undefined && !/[\s#)\]}]/.test(next)) starts.push(special.lastIndex);
    } else if (found === '#') {
      const end = source.indexOf('\n', special.lastIndex);
      special.lastIndex = end === -1 ? source.length : end;
    } else if (found === '\\') {
      special.lastIndex += source.startsWith('\r\n', special.lastIndex) ? 2 : 1;
    } else if ('([{'.includes(found)) {
      depth++;
    } else if (')]}'.includes(found)) {
      if (--depth < 0) return undefined;
    } else {
      const end = stringEnd(source, special.lastIndex, found);
      if (end === undefined) return undefined;
      special.lastIndex = end;
    }
  }
  return depth === 0 ? starts : undefined;
}

/** The position after the closing quote; undefined if there is none, or none on the line. */
function stringEnd(source: string, start: number, quote: string): number | undefined {
  for (let at = start; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '\n' && quote.length === 1) return undefined;
    else if (char === quote[0] && source.startsWith(quote, at)) return at + quote.length;
  }
  return undefined;
}
