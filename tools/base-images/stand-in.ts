/** An image that stands in for the official one where no image registry can be reached. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadFromSuite } from '../engine/apt';
import type { DebianMirrors } from '../engine/apt-sources';
import { run } from '../shell';
import { addPython, dependenciesOf, pythonPackages } from './python';
import { tagsOf, type PythonRelease } from './releases';
import { makeRootFs } from './root-fs';

/** Beside Python's own needs, the official slim image has these three. */
const OFFICIAL = ['ca-certificates', 'netbase', 'tzdata'];
/** One time for all files, so that the same packages give the same layer. Any date after 1980 will do. */
const FILE_TIME = '2025-01-01T00:00:00Z';

/**
 * Builds the image of a release and gives it all its tags. Root on Debian or Ubuntu, with
 * mmdebstrap installed. Throws a ToolError.
 */
export async function buildStandIn(release: PythonRelease, mirrors: DebianMirrors): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), `python-${release.python}-`));
  try {
    const suite = { mirror: mirrors.main, name: release.suite };
    const packages = await downloadFromSuite(suite, pythonPackages(release), join(work, 'packages'));
    const root = join(work, 'root');
    await makeRootFs(root, release, mirrors, [...OFFICIAL, ...(await dependenciesOf(packages))]);
    await addPython(root, release, packages);
    const archive = join(work, 'root.tar');
    await run('tar', [...tarOptions(), '-cf', archive, '-C', root, '.']);
    await importImage(archive, release, await fullVersion(root));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function importImage(archive: string, release: PythonRelease, version: string): Promise<void> {
  const changes = [
    'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'ENV LANG=C.UTF-8',
    `ENV PYTHON_VERSION=${version}`,
    `LABEL docker-python.stand-in=${release.suite}`,
    'CMD ["python3"]',
  ].flatMap((change) => ['--change', change]);
  const message = `stand-in for python:${release.python}-slim`;
  const [first = '', ...others] = tagsOf(release);
  await run('docker', ['import', '--message', message, ...changes, archive, first]);
  for (const tag of others) await run('docker', ['tag', first, tag]);
}

function tarOptions(): string[] {
  // Device files are the container runtime's affair.
  const excluded = ['./dev/*', './proc/*', './sys/*', './run/*', './tmp/*'];
  return [
    '--sort=name',
    `--mtime=${FILE_TIME}`,
    '--numeric-owner',
    '--xattrs',
    ...excluded.map((path) => `--exclude=${path}`),
  ];
}

async function fullVersion(root: string): Promise<string> {
  const script = 'import platform; print(platform.python_version())';
  return (await run('chroot', [root, '/usr/local/bin/python', '-I', '-B', '-c', script])).trim();
}
