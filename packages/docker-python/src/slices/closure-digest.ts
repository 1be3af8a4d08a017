import { createHash } from 'node:crypto';
import type { FileSource } from '../detection/files';
import { type PinnedProject, pinnedBy } from '../detection/managers';
import type { Link, LockedPackage } from '../detection/managers/closure';
import { uvIndexes } from '../detection/managers/uv-settings';

/** Raised when the same closure is written in another form, so that every slice is renewed once. */
const FORMAT = 1;

/**
 * A digest over everything in a shared lock that decides what one image installs, and over nothing else: per package
 * its version, source and hashes of files, and the conditions that the image's platform and Python leave open. From
 * the parsed lock, no process is started; the order of its tables means nothing.
 */
export function closureDigest(files: FileSource, project: PinnedProject): string {
  const followed = pinnedBy(files, project);
  const certain = alwaysInstalled(followed);
  const { format, commands } = project.shared.exporter;
  const rows = [...new Set(followed.map(({ to }) => to))].flatMap(
    (locked) =>
      row(format === 'pylock' ? locked : { ...locked, index: '' }, conditionsOf(locked, followed, certain)) ??
      [],
  );
  // With a list of requirements, indexes stand on top of it; a pylock.toml has them at the packages.
  const named = commands.some((command) => command.includes('--emit-index-url'));
  const indexes = named ? uvIndexes(files, project.shared.root) : [];
  const content = JSON.stringify([FORMAT, format ?? 'requirements', indexes, rows.sort()]);
  return createHash('sha256').update(content).digest('hex');
}

/** Packages that somebody needs without a condition, all the way from the project. */
export function alwaysInstalled(followed: readonly Link[]): ReadonlySet<LockedPackage> {
  const certain = new Set<LockedPackage>();
  for (let before = -1; before !== certain.size;) {
    before = certain.size;
    for (const { by, to, condition } of followed) {
      if (condition === undefined && (by === undefined || certain.has(by))) certain.add(to);
    }
  }
  return certain;
}

/** Under which conditions a package is installed, and by whom, as far as nothing installs it anyway. */
function conditionsOf(
  locked: LockedPackage,
  followed: readonly Link[],
  certain: ReadonlySet<LockedPackage>,
): readonly string[] {
  if (certain.has(locked)) return [];
  const reasons = followed
    .filter(({ to }) => to === locked)
    .map(({ by, condition = '' }) => [by && !certain.has(by) ? nameOf(by) : '', condition].join('|'));
  return unique(reasons);
}

/** One package as text. One of this repository is not in the list: only the conditions that it hands on count. */
function row(
  { name, version, origin, index, hashes = [], local }: LockedPackage,
  conditions: readonly string[],
): string | undefined {
  if (local === undefined) return JSON.stringify([name, version, origin, index, unique(hashes), conditions]);
  return conditions.length === 0 ? undefined : JSON.stringify([name, conditions]);
}

/** Of a package of this repository the version means nothing to the list. */
function nameOf({ name, version, local }: LockedPackage): string {
  return local === undefined ? `${name} ${version}` : name;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
