import { parseSpecifiers, parseVersion, satisfies } from './pep440';

/**
 * Environment markers, as far as a Linux image decides them. Source: PEP 508, "Environment Markers"; PEP 751 adds
 * `'x' in extras` and `'x' in dependency_groups`. What depends on the machine stays open, and on the Python version
 * unless it is given.
 */
export interface MarkerContext {
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
  /** Minor release of Python: `3.13`. */
  readonly python?: string;
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
export type Truth = boolean | undefined;

/** Whether a marker cannot hold in a Linux image. A marker that is not understood may hold. */
export function neverHolds(marker: string | undefined, context: MarkerContext = {}): boolean {
  return markerTruth(marker, context) === false;
}

/** What a marker comes to in a Linux image: undefined where that depends on more than is known, or on a riddle. */
export function markerTruth(marker: string | undefined, context: MarkerContext = {}): Truth {
  if (marker === undefined) return true;
  const tokens = marker.length > MAX_LENGTH ? undefined : tokenize(marker);
  if (tokens === undefined) return undefined;
  try {
    const reader = new MarkerReader(tokens, context);
    const truth = reader.any(0);
    return reader.isAtEnd() ? truth : undefined;
  } catch {
    return undefined; // not a marker: whoever installs reports it
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

  isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

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
    if (this.context.python !== undefined) {
      const truth = comparePython(left, operator, right, this.context.python);
      if (truth !== undefined) return truth;
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

const FLIPPED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
/** Later than any patch release there will be. */
const NEWEST_PATCH = 999;

/** `python_version < '3.11'` for one minor release. What only some patch releases of it satisfy stays open. */
function comparePython(left: string, operator: string, right: string, minor: string): Truth {
  const [variable, comparison, literal] = left.startsWith('python_')
    ? [left, operator, right]
    : [right, FLIPPED[operator] ?? operator, left];
  if (!['python_version', 'python_full_version'].includes(variable) || !/^['"]/.test(literal))
    return undefined;
  const clauses = parseSpecifiers(`${comparison}${unquoted(literal)}`);
  if (clauses?.length !== 1) return undefined;
  const named = clauses[0]!.version.release[2] ?? 0;
  const candidates =
    variable === 'python_version'
      ? [minor]
      : [0, named, named + 1, NEWEST_PATCH].map((patch) => `${minor}.${patch}`);
  const truths = new Set(candidates.map((version) => satisfies(parseVersion(version)!, clauses)));
  return truths.size === 1 ? [...truths][0] : undefined;
}

function unquoted(token: string): string {
  return token.replace(/^['"]|['"]$/g, '');
}

function value(token: string): string | undefined {
  return /^['"]/.test(token) ? unquoted(token) : Object.hasOwn(LINUX, token) ? LINUX[token] : undefined;
}
