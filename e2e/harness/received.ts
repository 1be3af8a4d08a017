import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Workspace } from './workspace';

/**
 * The files that BuildKit receives for the image of a project, asked of BuildKit: a build under the project's ignore
 * file that copies everything and hands it back.
 *
 * @param project workspace-relative root
 * @returns workspace-relative paths, sorted
 */
export async function received(workspace: Workspace, project: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-context-'));
  try {
    workspace.write('.nx/probe/Dockerfile', 'FROM scratch\nCOPY . /\n');
    workspace.write(
      '.nx/probe/Dockerfile.dockerignore',
      workspace.read(`${project}/Dockerfile.dockerignore`),
    );
    const argv = ['buildx', 'build', '-f', '.nx/probe/Dockerfile', '--output', folder, '.'];
    const { exitCode, output } = await workspace.run('docker', argv);
    if (exitCode !== 0) throw new Error(output);
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
