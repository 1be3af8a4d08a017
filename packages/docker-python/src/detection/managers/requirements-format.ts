/**
 * The lines of a requirements file. Source: pip's documentation, "Requirements File Format"; the order in which
 * continuations, comments and options are taken apart is that of pip's own reader (`pip/_internal/req/req_file.py`).
 * Environment variables (`${NAME}`) are kept as they are written.
 */

/** What one logical line says. `line` counts from one and is where the line starts. */
export type RequirementsLine = { readonly line: number } & (
  | {
      readonly kind: 'requirement';
      readonly text: string;
      readonly editable: boolean;
      readonly hashes: readonly string[];
    }
  | { readonly kind: 'include'; readonly path: string; readonly constraints: boolean }
  | { readonly kind: 'option'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'invalid'; readonly text: string }
);

/** Long name of an option, and whether it takes a value. */
const OPTIONS: Readonly<Record<string, { readonly name: string; readonly value: boolean }>> =
  Object.fromEntries(
    (
      [
        ['--requirement', true, '-r'],
        ['--constraint', true, '-c'],
        ['--editable', true, '-e'],
        ['--index-url', true, '-i', '--pypi-url'],
        ['--extra-index-url', true],
        ['--find-links', true, '-f'],
        ['--no-index', false],
        ['--no-binary', true],
        ['--only-binary', true],
        ['--prefer-binary', false],
        ['--require-hashes', false],
        ['--pre', false],
        ['--trusted-host', true],
        ['--use-feature', true],
        ['--all-releases', true],
        ['--only-final', true],
        ['--process-dependency-links', false],
      ] as const
    ).flatMap(([name, value, ...aliases]) => [name, ...aliases].map((alias) => [alias, { name, value }])),
  );

/** The logical lines of a requirements file, without comments and empty ones. */
export function requirementsLines(text: string): readonly RequirementsLine[] {
  return logicalLines(text.replace(/^\uFEFF/, '')).flatMap(({ line, text: raw }) => {
    const content = withoutComment(raw).replaceAll(/\s+/g, ' ').trim();
    return content === '' ? [] : [{ line, ...parseLine(content) }];
  });
}

/** Joins lines that end in a backslash. A comment line ends a joined line even if it ends in a backslash itself. */
function logicalLines(text: string): readonly { readonly line: number; readonly text: string }[] {
  const lines: { line: number; text: string }[] = [];
  let joined: { line: number; parts: string[] } | undefined;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const comment = raw.trimStart().startsWith('#');
    if (raw.endsWith('\\') && !comment) {
      joined ??= { line: index + 1, parts: [] };
      joined.parts.push(raw.slice(0, -1));
    } else if (joined) {
      lines.push({ line: joined.line, text: [...joined.parts, comment ? ` ${raw}` : raw].join('') });
      joined = undefined;
    } else {
      lines.push({ line: index + 1, text: raw });
    }
  }
  if (joined) lines.push({ line: joined.line, text: joined.parts.join('') });
  return lines;
}

function withoutComment(line: string): string {
  const start = /(?:^|\s)#/.exec(line);
  return start ? line.slice(0, start.index) : line;
}

/** A union member without its place in the file. */
type Content<T> = T extends unknown ? Omit<T, 'line'> : never;

function parseLine(content: string): Content<RequirementsLine> {
  if (!content.startsWith('-')) return requirement(content, false);
  const { name, value } = parseOption(content);
  const known = OPTIONS[name];
  if (!known || (known.value && !value)) return { kind: 'invalid', text: content };
  switch (known.name) {
    case '--requirement':
    case '--constraint':
      return { kind: 'include', path: value!, constraints: known.name === '--constraint' };
    case '--editable':
      return requirement(value!, true);
    default:
      return { kind: 'option', name: known.name, value: known.value ? value : undefined };
  }
}

/** `--name=value`, `--name value`, `-r value`, `-rvalue`; quotes around a value are dropped. */
function parseOption(content: string): { name: string; value: string | undefined } {
  const short = /^(-[a-z])\s*=?\s*(.*)$/s.exec(content);
  const long = /^(--[a-z-]+)(?:\s*=\s*|\s+|$)(.*)$/s.exec(content);
  const [, name = content, value = ''] = (content.startsWith('--') ? long : short) ?? [];
  return { name, value: value.trim().replace(/^(["'])(.*)\1$/s, '$2') || undefined };
}

/** Options of a single requirement (`--hash`, `--config-settings`) start at the first word with a dash. */
function requirement(content: string, editable: boolean): Content<RequirementsLine> {
  const options = /\s--?[a-z]/i.exec(content);
  const text = (options ? content.slice(0, options.index) : content).trim();
  const hashes = options
    ? [...content.slice(options.index).matchAll(/\s--hash(?:=|\s)\s*([^\s:]+:[^\s]+)/g)]
    : [];
  return { kind: 'requirement', text, editable, hashes: hashes.map((match) => match[1]!) };
}
