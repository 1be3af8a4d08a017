/**
 * Debian's Python as the official image has it: under /usr/local, unknown to dpkg, with headers and
 * pip, without bytecode, and without what Debian changed for a system Python.
 */

import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from '../engine/apt';
import { run, ToolError } from '../shell';
import type { PythonRelease } from './releases';

/** The packages that make up Python; they are unpacked, not installed. */
export function pythonPackages(release: PythonRelease): string[] {
  const name = `python${release.python}`;
  return [
    name,
    `${name}-minimal`,
    `${name}-venv`,
    `lib${name}-minimal`,
    `lib${name}-stdlib`,
    `lib${name}-dev`,
    'python3-pip-whl',
    'python3-setuptools-whl',
    ...release.parts,
  ];
}

/** What the packages of Python need beside each other: libraries mostly. Headers need nothing at run time. */
export async function dependenciesOf(packages: readonly string[]): Promise<string[]> {
  const runtime = packages.filter((file) => !file.includes('-dev_'));
  const fields = await Promise.all(runtime.map((file) => run('dpkg-deb', ['-f', file, 'Depends'])));
  const names = fields.flatMap((field) =>
    // "libssl3 (>= 3.0), media-types | mime-support": the first alternative, without its version.
    field.split(',').map((entry) => entry.trim().split(/[\s|:(]/)[0] ?? ''),
  );
  // The official image has no media types, which `mimetypes` would read.
  const unwanted = /^(lib)?python|^media-types$|^$/;
  return [...new Set(names.filter((name) => !unwanted.test(name)))].sort();
}

/** Puts Python into a root file system. Throws a ToolError, also when Debian's changes are not as expected. */
export async function addPython(
  root: string,
  release: PythonRelease,
  packages: readonly string[],
): Promise<void> {
  const name = `python${release.python}`;
  const unpacked = `${root}.python`;
  await unpack(packages, unpacked);
  const stdlib = join(root, 'usr/local/lib', name);
  await moveInto(join(unpacked, 'usr/lib', name), stdlib);
  await moveInto(join(unpacked, 'usr/include', name), join(root, 'usr/local/include', name));
  await replaceMultiarchHeader(unpacked, root, name);
  await moveInto(join(unpacked, 'usr/share/python-wheels'), join(stdlib, 'ensurepip/_bundled'));
  await rename(join(unpacked, 'usr/bin', name), join(root, 'usr/local/bin', name));
  for (const alias of ['python', 'python3']) await symlink(name, join(root, 'usr/local/bin', alias));
  await rm(unpacked, { recursive: true });
  await undoDebian(stdlib, release.python);
  await addSitePackages(stdlib, release.python);
  await run('chroot', [root, `/usr/local/bin/${name}`, '-I', '-B', '-m', 'ensurepip', '--default-pip']);
  await prune(stdlib);
}

async function moveInto(from: string, to: string): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true });
  await rename(from, to);
}

/** Debian's pyconfig.h includes one per architecture; there is one architecture here. */
async function replaceMultiarchHeader(unpacked: string, root: string, name: string): Promise<void> {
  for (const entry of await readdir(join(unpacked, 'usr/include'))) {
    const header = join(unpacked, 'usr/include', entry, name, 'pyconfig.h');
    if (existsSync(header)) await cp(header, join(root, 'usr/local/include', name, 'pyconfig.h'));
  }
}

/**
 * Outside of virtual environments Debian's `site` searches dist-packages alone, and it is frozen into
 * the executable, so editing site.py would change nothing. A path file in there leads on.
 */
async function addSitePackages(stdlib: string, version: string): Promise<void> {
  const folder = join(stdlib, 'dist-packages');
  const line = `import site; site.addsitedir('/usr/local/lib/python${version}/site-packages')\n`;
  await mkdir(folder);
  await writeFile(join(folder, 'site-packages.pth'), line);
}

/** Debian sends pip to dist-packages and forbids ensurepip outside of virtual environments. */
async function undoDebian(stdlib: string, version: string): Promise<void> {
  const sysconfig = version === '3.11' ? 'sysconfig.py' : 'sysconfig/__init__.py';
  await replaceOnce(join(stdlib, sysconfig), /(prefix_scheme = )'posix_local'/, "$1'posix_prefix'");
  await replaceOnce(join(stdlib, 'ensurepip/__init__.py'), /^ {4}_ensurepip_is_disabled_in_debian.*$/m, '');
  for (const gone of ['EXTERNALLY-MANAGED', '_distutils_system_mod.py', 'sitecustomize.py']) {
    await rm(join(stdlib, gone), { force: true });
  }
  // The paths that extension modules are built with.
  for (const entry of await readdir(stdlib, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.startsWith('_sysconfigdata')) continue;
    const file = join(stdlib, entry.name);
    const relocated = (await readFile(file, 'utf8'))
      .replaceAll(/\/usr\/(lib|include|bin)\/(?=python3\.)/g, '/usr/local/$1/')
      .replaceAll('/usr/share/python-wheels', `/usr/local/lib/python${version}/ensurepip/_bundled`);
    await writeFile(file, relocated);
  }
}

async function replaceOnce(file: string, pattern: RegExp, replacement: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = before.replace(pattern, replacement);
  if (after === before) throw new ToolError(`Debian changed ${file}: ${pattern.source} is not in it.`);
  await writeFile(file, after);
}

/** The official image has neither bytecode nor tests; the static library is for embedding Python. */
async function prune(stdlib: string): Promise<void> {
  const unwanted = /^(__pycache__|test|tests|config-3.*)$/;
  for (const entry of await readdir(stdlib, { recursive: true, withFileTypes: true })) {
    const isOwn = !entry.parentPath.includes('site-packages');
    if (entry.isDirectory() && unwanted.test(entry.name) && (isOwn || entry.name === '__pycache__')) {
      await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
    }
  }
}
