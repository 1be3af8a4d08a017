import { parse } from 'smol-toml';
import { markerTruth } from '../detection/managers/markers';
import { stringAt, tableAt, valueAt } from '../detection/toml';
import type { InstallRecipe } from '../detection/types';

/**
 * An exported list in the form in which it is committed: sorted by name, a hash a line, so that it merges well; without
 * what is never installed on Linux and this Python, and without markers that always hold there. Another version of the
 * exporter, or of a package that only Windows needs, gives the same text.
 *
 * @param python minor release
 */
export function listBody(exported: string, format: InstallRecipe['format'], python: string): string {
  const text = exported.replaceAll('\r\n', '\n');
  return format === 'pylock' ? pylockBody(text, python) : requirementsBody(text, python);
}

function requirementsBody(text: string, python: string): string {
  const lines = text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  const options = lines.filter((line) => line.startsWith('-'));
  const entries = lines.filter((line) => !line.startsWith('-')).flatMap((line) => entry(line, python) ?? []);
  return [...options, ...[...new Set(entries)].sort()].map((line) => `${line}\n`).join('');
}

function entry(line: string, python: string): string | undefined {
  const hashes = [...line.matchAll(/\s--hash[=\s](\S+)/g)].map(([, hash]) => `--hash=${hash!}`);
  const requirement = line.replace(/\s--hash[=\s].*$/, '');
  // In an address a semicolon means something only after a blank.
  const [, what = requirement, marker] =
    (requirement.includes('://') ? /^(.*?)\s+;\s*(.*)$/ : /^(.*?)\s*;\s*(.*)$/).exec(requirement) ?? [];
  const truth = markerTruth(marker, { python });
  if (truth === false) return undefined;
  return [
    `${what.trim()}${truth === true ? '' : ` ; ${marker!.trim()}`}`,
    ...[...new Set(hashes)].sort(),
  ].join(' \\\n    ');
}

/** Of the preamble only the version of the format: the range of Pythons is the lock's, not the image's. */
function pylockBody(text: string, python: string): string {
  const [, ...blocks] = text.split(/^\[\[packages\]\]\n/m);
  const packages = blocks.flatMap((block) => {
    const table = tableAt({ block: parse(block) }, 'block');
    const truth = markerTruth(stringAt(table, 'marker'), { python });
    if (truth === false) return [];
    const kept = truth === true ? block.replace(/^marker = .*\n/m, '') : block;
    const source = JSON.stringify(valueAt(table, 'vcs') ?? valueAt(table, 'archive') ?? '');
    return [
      { key: [stringAt(table, 'name'), stringAt(table, 'version'), source].join(' '), text: kept.trimEnd() },
    ];
  });
  return [
    'lock-version = "1.0"\ncreated-by = "docker-python"\n',
    ...packages.sort((a, b) => (a.key < b.key ? -1 : 1)).map((kept) => `\n[[packages]]\n${kept.text}\n`),
  ].join('');
}

/** The packages of a body with their versions, for a message about what changed. */
export function listed(body: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const requirement = /^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?(?:==([^\s;]+)| @ (\S+))/gim;
  const locked = /^name = "([^"]+)"\n(?:version = "([^"]+)")?/gm;
  const pattern = body.includes('[[packages]]') ? locked : requirement;
  for (const [, name, version, url] of body.matchAll(pattern)) found.set(name!, version ?? url ?? '');
  return found;
}
