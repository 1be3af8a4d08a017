/**
 * Environment markers, as far as a Linux image decides them. Source: PEP 508, "Environment Markers"; PEP 751 adds
 * `'x' in extras` and `'x' in dependency_groups`. What depends on the Python version or the machine stays open.
 */
export interface MarkerContext {
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
}

const LINUX: Readonly<Record<string, string>> = {
  os_name: 'posix',
  'os.name': 'posix',
  sys_platform: 'linux',
  'sys.platform': 'linux',
  platform_system: 'Linux',
  platform_python_implementation: 'CPython',
  python_implementation: 'CPython',
  implementation_name: 'cpython',
};
/** Longer ones do not occur; they would only cost time. */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 50;
const TOKEN = /\s*(\(|\)|'[^']*'|"[^"]*"|===|==|!=|<=|>=|<|>|~=|[A-Za-z_][\w.]*)/y;

/** True, false, or undefined for "depends". */
type Truth = boolean | undefined;

/** Whether a marker cannot hold in a Linux image. A marker that is not understood may hold. */
export function neverHolds(marker: string | undefined, context: MarkerContext = {}): boolean {
  if (marker === undefined || marker.length > MAX_LENGTH) return false;
  const tokens = tokenize(marker);
  if (tokens === undefined) return false;
  try {
    return new MarkerReader(tokens, context).any(0) === false;
  } catch {
    return false; // not a marker: whoever installs reports it
  }
}

function tokenize(marker: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const text = marker.trimEnd();
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    tokens.push(match[1]!);
  }
  return tokens;
}

class MarkerReader {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly context: MarkerContext,
  ) {}

  any(depth: number): Truth {
    const parts = this.joined('or', () => this.all(depth));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }

  private all(depth: number): Truth {
    const parts = this.joined('and', () => this.one(depth));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }

  private joined(word: string, read: () => Truth): readonly Truth[] {
    const parts = [read()];
    while (this.tokens[this.at] === word) {
      this.at += 1;
      parts.push(read());
    }
    return parts;
  }

  private one(depth: number): Truth {
    if (depth > MAX_DEPTH) throw new Error('nested too deeply');
    if (this.tokens[this.at] === '(') {
      this.at += 1;
      const inner = this.any(depth + 1);
      if (this.tokens[this.at++] !== ')') throw new Error('unbalanced');
      return inner;
    }
    const left = this.word();
    const not = this.tokens[this.at] === 'not';
    if (not) this.at += 1;
    const operator = this.word();
    const right = this.word();
    return this.compare(left, `${not ? 'not ' : ''}${operator}`, right);
  }

  private word(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error('incomplete');
    return token;
  }

  private compare(left: string, operator: string, right: string): Truth {
    const sets: Readonly<Record<string, readonly string[] | undefined>> = {
      extras: this.context.extras,
      dependency_groups: this.context.groups,
    };
    if (Object.hasOwn(sets, right)) {
      const member = sets[right]?.includes(unquoted(left));
      return member === undefined ? undefined : operator === 'not in' ? !member : member;
    }
    if (left === 'extra' && this.context.extras) {
      const chosen = this.context.extras.includes(unquoted(right));
      return operator === '==' ? chosen : operator === '!=' ? !chosen : undefined;
    }
    const [a, b] = [value(left), value(right)];
    if (a === undefined || b === undefined) return undefined;
    switch (operator) {
      case '==':
        return a === b;
      case '!=':
        return a !== b;
      case 'in':
        return b.includes(a);
      case 'not in':
        return !b.includes(a);
      default:
        return undefined;
    }
  }
}

function unquoted(token: string): string {
  return token.replace(/^['"]|['"]$/g, '');
}

function value(token: string): string | undefined {
  return /^['"]/.test(token) ? unquoted(token) : Object.hasOwn(LINUX, token) ? LINUX[token] : undefined;
}
