/** What came of one row for one image. */
export interface Result {
  readonly row: number;
  readonly property: string;
  readonly image: string;
  /** Empty if the row holds. */
  readonly problem: string;
  /** Why the row does not apply. */
  readonly exempt?: string;
}

/** Rows by images: `+` holds, `.` does not apply, `x` fails; below it the reasons. */
export function scoreTable(results: readonly Result[]): string {
  const images = [...new Set(results.map(({ image }) => image))];
  const rows = [...new Map(results.map((result) => [key(result), result])).values()].sort(
    (a, b) => a.row - b.row,
  );
  const of = (row: Result): readonly Result[] => results.filter((result) => key(result) === key(row));
  const cell = (found: Result | undefined): string =>
    found === undefined ? ' ' : found.exempt !== undefined ? '.' : found.problem === '' ? '+' : 'x';
  const held = results.filter(({ problem, exempt }) => problem === '' && exempt === undefined).length;
  const applicable = results.filter(({ exempt }) => exempt === undefined).length;
  return [
    '',
    ...images.map((image, i) => `${''.padStart(57)}${'|'.repeat(i)}${image}`),
    ...rows.map(
      (row) =>
        `${String(row.row).padStart(4)} ${row.property.slice(0, 51).padEnd(51)} ${images
          .map((image) => cell(of(row).find((result) => result.image === image)))
          .join('')}`,
    ),
    '',
    ...rows.flatMap((row) => [
      ...reasons(row, of(row), (result) => result.exempt, 'does not apply'),
      ...reasons(row, of(row), (result) => result.problem || undefined, 'FAILS'),
    ]),
    `IMAGE-CHECKLIST: ${held} of ${applicable} applicable checks hold, on ${images.length} images.`,
    '',
  ].join('\n');
}

function key({ row, property }: Result): string {
  return `${row} ${property}`;
}

function reasons(
  row: Result,
  results: readonly Result[],
  of: (result: Result) => string | undefined,
  words: string,
): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const result of results) {
    const reason = of(result);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), result.image]);
  }
  return [...byReason].map(([reason, images]) => `${row.row} ${words}: ${reason} (${images.join(', ')})`);
}
