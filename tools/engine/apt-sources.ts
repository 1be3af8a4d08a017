/**
 * Which Debian mirror this machine uses. A bootstrap that fetches packages of another suite takes
 * the mirror from here, so it works behind internal mirrors and names no host itself.
 * Formats: sources.list(5), one-line style and deb822 style.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';

const FOLDER = '/etc/apt/sources.list.d';

/**
 * Where a machine keeps the sources of its distribution, newest layout first: the file that Debian installs, those that
 * tools which make systems name after it, such as mmdebstrap's 0000debian.sources, and the old one. Others in the folder
 * are of other vendors.
 */
function sourceFiles(): readonly string[] {
  const named = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
  const ofDebian = named.filter((name) => /debian.*\.sources$/.test(name));
  const first = ofDebian.filter((name) => name === 'debian.sources');
  return [...new Set([...first, ...ofDebian])]
    .map((name) => `${FOLDER}/${name}`)
    .concat('/etc/apt/sources.list');
}

/** One place that packages come from. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
}

/** The mirrors of a Debian machine: one for the suites and, where configured, one for security fixes. */
export interface DebianMirrors {
  readonly main: string;
  readonly security?: string;
}

/** The enabled sources of binary packages in a deb822 file. */
export function parseDeb822(content: string): AptSource[] {
  return content
    .split(/\n[ \t]*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.get('enabled')?.toLowerCase() !== 'no')
    .filter((fields) => words(fields.get('types')).includes('deb'))
    .flatMap((fields) =>
      words(fields.get('uris')).map((uri) => ({ uri, suites: words(fields.get('suites')) })),
    );
}

/** The sources of binary packages in a one-line style file; options in brackets are skipped. */
export function parseOneLine(content: string): AptSource[] {
  return content.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
    return match?.[1] !== undefined && match[2] !== undefined ? [{ uri: match[1], suites: [match[2]] }] : [];
  });
}

/** Picks the two mirrors out of a machine's sources; undefined if there is none for the suites. */
export function mirrorsOf(sources: readonly AptSource[]): DebianMirrors | undefined {
  const isSecurity = (source: AptSource): boolean =>
    source.suites.every((suite) => /[-/](security|updates)$/.test(suite)) &&
    source.suites.some((suite) => suite.includes('security'));
  const main = sources.find((source) => !isSecurity(source) && !source.uri.startsWith('cdrom:'));
  const security = sources.find(isSecurity)?.uri;
  if (main === undefined) return undefined;
  return { main: main.uri, ...(security === undefined ? {} : { security }) };
}

/** Reads the mirrors that this machine is set up with; undefined off Debian. */
export function readDebianMirrors(): DebianMirrors | undefined {
  for (const file of sourceFiles().filter((candidate) => existsSync(candidate))) {
    const content = readFileSync(file, 'utf8');
    const mirrors = mirrorsOf(file.endsWith('.sources') ? parseDeb822(content) : parseOneLine(content));
    if (mirrors !== undefined) return mirrors;
  }
  return undefined;
}

function fieldsOf(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const field = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    if (field?.[1] !== undefined) current = field[1].toLowerCase();
    // A line that starts with a blank continues the field before it.
    const value = field ? (field[2] ?? '') : `${fields.get(current) ?? ''} ${line.trim()}`;
    if (current !== '') fields.set(current, value.trim());
  }
  return fields;
}

function words(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '');
}
