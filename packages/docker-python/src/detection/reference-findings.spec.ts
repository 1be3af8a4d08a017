import { memoryFiles } from './files';
import { referenceFindings } from './reference-findings';

const codes = (files: Record<string, string>, isProject = (): boolean => true): readonly string[] =>
  referenceFindings(
    memoryFiles({ 'apps/api/requirements.txt': '-e ../../libs/x\n', ...files }),
    'apps/api',
    isProject,
  ).map(({ code }) => code);

it('a folder that is not there, one without a manifest and one in no project are findings', () => {
  expect(codes({})).toEqual(['local-dependency-missing']);
  expect(codes({ 'libs/x/README.md': '' })).toEqual(['local-dependency-no-package']);
  expect(codes({ 'libs/x/setup.py': '' }, () => false)).toEqual(['local-dependency-no-project']);
  expect(codes({ 'libs/x/setup.py': '' })).toEqual([]);
});

it('a folder is one finding, however often it is named, and one inside of the project is in it', () => {
  expect(codes({ 'apps/api/requirements-dev.txt': '-e ../../libs/x\n' })).toHaveLength(1);
  const inside = { 'apps/api/requirements.txt': './vendor/x\n', 'apps/api/vendor/x/setup.py': '' };
  expect(codes(inside, () => false)).toEqual([]);
});
