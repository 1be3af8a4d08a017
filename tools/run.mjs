/**
 * Entry of every npm script: makes sure that node_modules is what package-lock.json says, then runs
 * `tools/<name>/main.ts` or `tools/<name>.ts`. Uses nothing but Node, since a fresh clone has nothing else.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...rest] = process.argv.slice(2);

install();
const main = [`tools/${name}/main.ts`, `tools/${name}.ts`].find((path) => existsSync(join(root, path)));
if (!main) fail(`There is no tool "${name}" in tools/.`);
const result = run(process.execPath, [
  join(root, 'node_modules/tsx/dist/cli.mjs'),
  join(root, main),
  ...rest,
]);
process.exit(result.status ?? 1);

/** Installs once for each state of the lock file. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const mark = join(root, 'node_modules/.installed-from');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.log('Installing node_modules ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lock file whenever a registry lacks optional binaries of other platforms.
  const { status } = run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) fail('npm install failed; its own words are above.');
  writeFileSync(mark, lock);
}

function run(program, argv) {
  return spawnSync(program, argv, { cwd: root, stdio: 'inherit' });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
