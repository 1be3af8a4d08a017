/**
 * Which files does BuildKit take from a folder, given a .dockerignore? Evaluated from the very text that
 * BuildKit reads. Source: patternmatcher of the moby project, whose rules the Dockerfile reference describes:
 * the last line that matches a path or one of its parents decides, `!` re-includes.
 */
export interface DockerignoreRules {
  /** Whether the file at this workspace-relative path is sent. */
  readonly sends: (path: string) => boolean;
  /** Folders (or files) below which everything sent lies, so that nothing else needs a visit. */
  readonly roots: readonly string[];
}

interface Rule {
  readonly negated: boolean;
  readonly pattern: string;
  readonly regex: RegExp;
}

export function dockerignoreRules(text: string): DockerignoreRules {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap(readLine);
  const allowlist = rules.some(({ negated, pattern }) => !negated && (pattern === '*' || pattern === '**'));
  return {
    sends(path) {
      const parts = path.split('/');
      const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
      const last = rules.findLast(({ regex }) => prefixes.some((prefix) => regex.test(prefix)));
      return last === undefined || last.negated;
    },
    roots: allowlist ? fixedParts(rules.filter(({ negated }) => negated)) : ['.'],
  };
}

function readLine(line: string): Rule[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  const negated = trimmed.startsWith('!');
  const pattern = trimmed
    .slice(negated ? 1 : 0)
    .trim()
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.\//, '');
  return pattern === '' ? [] : [{ negated, pattern, regex: toRegex(pattern) }];
}

function toRegex(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === '*' && pattern[i + 1] === '*') {
      i++;
      if (pattern[i + 1] === '/') i++;
      source += i === pattern.length - 1 ? '.*' : '(?:.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '\\' && i + 1 < pattern.length) source += escape(pattern[++i]!);
    else if (char === '[' || char === ']' || char === '^' || char === '-') source += char;
    else source += escape(char);
  }
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return new RegExp(`^${escape(pattern)}$`, 's');
  }
}

function fixedParts(rules: readonly Rule[]): readonly string[] {
  const starts = rules.map(({ pattern }) => {
    const parts = pattern.split('/');
    const wild = parts.findIndex((part) => /[*?[\\]/.test(part));
    return (wild === -1 ? parts : parts.slice(0, wild)).join('/') || '.';
  });
  const unique = [...new Set(starts)];
  return unique.includes('.')
    ? ['.']
    : unique.filter((start) => !unique.some((other) => other !== start && start.startsWith(`${other}/`)));
}

function escape(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
