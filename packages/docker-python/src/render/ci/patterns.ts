/**
 * A regular expression, as text, for patterns of branches and tags in which `*` stands for part of a name and `**` for anything.
 * CI systems that know no such patterns know expressions; slashes are escaped as they want.
 */
export function patternExpression(patterns: readonly string[]): string {
  const alternatives = patterns.map((pattern) =>
    pattern
      .split(/(\*\*|\*)/)
      .map((part) => (part === '**' ? '.*' : part === '*' ? '[^\\/]*' : escaped(part)))
      .join(''),
  );
  return `^(${alternatives.join('|')})$`;
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&');
}
