import type { Task } from '@nx/devkit';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { taskEnvironment } from './task-environment';

const TASK = { projectRoot: 'apps/api', target: { project: 'api', target: 'push' } } as Task;
const CONFIGURED = { ...TASK, target: { ...TASK.target, configuration: 'ci' } };

function of(files: Record<string, string>, env: Record<string, string> = {}, task = TASK) {
  const root = tempFolder();
  writeFiles(root, files);
  return taskEnvironment(root, task, env);
}

it.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
  [
    'of the project before those of the workspace',
    { '.env': 'A=1\nB=1', 'apps/api/.env': 'A=2' },
    {},
    { A: '2', B: '1' },
  ],
  [
    'of the target before those for all',
    { 'apps/api/.env': 'A=1', 'apps/api/.env.push': 'A=2' },
    {},
    { A: '2' },
  ],
  ['local ones first', { 'apps/api/.env': 'A=1', 'apps/api/.env.local': 'A=2' }, {}, { A: '2' }],
  ['of the machine before all files', { 'apps/api/.env': 'A=1' }, { A: '0' }, { A: '0' }],
  [
    'of the project before one that Nx has read for all',
    { '.env': 'A=1', 'apps/api/.env': 'A=2' },
    { A: '1' },
    { A: '2' },
  ],
  ['that name others', { 'apps/api/.env': 'A=$B-${C:-c}-\\$D\nB=b' }, {}, { A: 'b-c-$D', B: 'b' }],
])('variables %s', (_, files, env, expected) => {
  expect(of(files, env)).toEqual(expected);
});

it('variables of a configuration before those of its target', () => {
  const files = { 'apps/api/.env.push': 'A=1', 'apps/api/.env.ci': 'A=2', 'apps/api/.env.push.ci': 'A=3' };
  expect(of(files)).toEqual({ A: '1' });
  expect(of(files, {}, CONFIGURED)).toEqual({ A: '3' });
});

it('is that of the process where no file is, or where Nx is told to read none', () => {
  expect(of({ 'apps/other/.env': 'A=1' })).toBeUndefined();
  expect(of({ 'apps/api/.env': 'A=1' }, { NX_LOAD_DOT_ENV_FILES: 'false' })).toBeUndefined();
});
