import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../tools/shell';

/**
 * Node in another version than the one of the tests, from npm's package of its binaries for this machine; kept between
 * runs.
 *
 * @param major `22`
 * @returns absolute path of the program
 */
export async function nodeProgram(major: number): Promise<string> {
  const folder = join(__dirname, `../../tmp/e2e/node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(program)) {
    await mkdir(folder, { recursive: true });
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${major}`]);
  }
  return program;
}
