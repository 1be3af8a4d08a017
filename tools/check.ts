import { join } from 'node:path';
import { main, show, step } from './shell';

const root = join(__dirname, '..');

/** The fast loop: types, lint with the layer table, formatting, unit tests. */
async function check(): Promise<void> {
  const unit = step('unit tests', () =>
    bin('jest', '-c', 'packages/docker-python/jest.config.cjs', '--silent'),
  );
  await Promise.all([unit, checkSources()]);
}

/** Everything about the sources that needs no test to run. Throws a ToolError for the first that fails. */
export async function checkSources(): Promise<void> {
  await step('types', async () => {
    for (const project of ['packages/docker-python', 'tools', 'e2e'])
      await bin('tsc', '-p', project, '--noEmit');
  });
  await step('lint and layers', () => bin('eslint', '.', '--max-warnings=0'));
  await step('tables in docs', () => bin('tsx', 'tools/docs.ts', '--check'));
  await step('format', () => bin('prettier', '--check', '--log-level=warn', '.'));
}

function bin(name: string, ...argv: string[]): Promise<void> {
  return show(join(root, 'node_modules/.bin', name), argv, { cwd: root });
}

if (require.main === module) void main(check);
