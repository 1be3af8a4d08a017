/**
 * Where a text stops being JSON, and what should stand there. Engines of JavaScript word their own errors differently,
 * and most of them give no place. Source of the grammar: RFC 8259.
 */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

const TOKENS = {
  blank: /[ \t\n\r]*/y,
  string: /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  scalar: /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y,
} as const;

/** Deeper nesting is not looked at: no settings have it, and a text may be hostile. */
const MAX_DEPTH = 100;

/**
 * @returns undefined where nothing is wrong, or where it is nested too deeply to say
 */
export function findJsonMistake(text: string): JsonMistake | undefined {
  let at = 0;
  let wrong: { readonly at: number; readonly expected: string } | undefined;

  const fail = (expected: string): false => {
    wrong ??= { at, expected };
    return false;
  };
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    const length = token.exec(text)?.[0].length;
    at += length ?? 0;
    return length !== undefined;
  };
  const takeSign = (sign: string): boolean => {
    take(TOKENS.blank);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const list = (end: string, item: () => boolean): boolean => {
    if (takeSign(end)) return true;
    for (;;) {
      if (!item()) return false;
      if (takeSign(end)) return true;
      if (!takeSign(',')) return fail(`"," or "${end}"`);
    }
  };
  const value = (depth: number): boolean => {
    if (depth > MAX_DEPTH) return false;
    const member = (): boolean => {
      take(TOKENS.blank);
      if (!take(TOKENS.string)) return fail('a key in double quotes');
      return takeSign(':') ? value(depth + 1) : fail('":"');
    };
    if (takeSign('{')) return list('}', member);
    if (takeSign('[')) return list(']', () => value(depth + 1));
    return take(TOKENS.string) || take(TOKENS.scalar) || fail('a value');
  };

  if (value(0)) {
    take(TOKENS.blank);
    if (at < text.length) fail('the end');
  }
  if (!wrong) return undefined;
  const before = text.slice(0, wrong.at).split(/\r\n|\n|\r/);
  return { line: before.length, column: before.at(-1)!.length + 1, expected: wrong.expected };
}
