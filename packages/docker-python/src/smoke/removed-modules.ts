/** The Python that no longer has a module of its standard library, and what to write for that module besides. */
export interface RemovedModule {
  readonly since: string;
  /** A distribution that still has it. */
  readonly distribution?: string;
}

const removed = (since: string, names: readonly string[]): [string, RemovedModule][] =>
  names.map((name) => [name, { since }]);

/**
 * Modules that Python has removed, by name.
 *
 * Sources: PEP 594 ("Removing dead batteries from the standard library"), PEP 632 ("Deprecate distutils module"), and
 * "Removed" in "What's New In Python" 3.12 (`imp`) and 3.13 (`lib2to3`).
 */
const REMOVED_MODULES: ReadonlyMap<string, RemovedModule> = new Map([
  ['distutils', { since: '3.12', distribution: 'setuptools' }],
  ...removed('3.12', ['asynchat', 'asyncore', 'imp', 'smtpd']),
  ...removed('3.13', ['aifc', 'audioop', 'cgi', 'cgitb', 'chunk', 'crypt', 'imghdr', 'lib2to3', 'mailcap']),
  ...removed('3.13', ['msilib', 'nis', 'nntplib', 'ossaudiodev', 'pipes', 'sndhdr', 'spwd', 'sunau']),
  ...removed('3.13', ['telnetlib', 'uu', 'xdrlib']),
]);

/**
 * What became of a module that Python once had.
 *
 * @param module as it is imported: `distutils.util`
 * @returns undefined for what Python never had, or still has
 */
export function removedModule(module: string): RemovedModule | undefined {
  return REMOVED_MODULES.get(module.split('.')[0]!);
}
