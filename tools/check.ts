import { join } from 'node:path';
import { main, show, step } from './shell';

const root = join(__dirname, '..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

/** The fast loop: types, lint with the layer table, formatting, unit tests. */
export async function check(): Promise<void> {
  const run = (name: string, ...argv: string[]): Promise<void> => show(bin(name), argv, { cwd: root });
  await step('types', async () => {
    for (const project of ['packages/docker-python', 'tools', 'e2e']) await run('tsc', '-p', project, '--noEmit');
  });
  await step('lint and layers', () => run('eslint', '.', '--max-warnings=0'));
  await step('format', () => run('prettier', '--check', '--log-level=warn', '.'));
  await step('unit tests', () => run('jest', '-c', 'packages/docker-python/jest.config.cjs'));
}

if (require.main === module) void main(check);
