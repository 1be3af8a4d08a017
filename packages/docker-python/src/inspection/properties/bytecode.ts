import { some, type Property } from './types';

const COMPILE = 'python -m compileall -q -f --invalidation-mode unchecked-hash';

/** Starting fast, and coming out the same at every build. */
export const BYTECODE: readonly Property[] = [
  {
    id: 'bytecode',
    title: 'the application and its packages are compiled',
    hint: `Compile them in the build (${COMPILE} <folder>): a user who cannot write them compiles them at every start.`,
    check: ({ contents }) => some(contents.uncompiled, 'not compiled: '),
  },
  {
    id: 'stdlib-bytecode',
    title: 'the standard library is compiled',
    hint: `Slim images come without: ${COMPILE} over its folder makes small services start four times faster.`,
    check: ({ contents }) => some(contents.uncompiledStdlib, 'not compiled: '),
  },
  {
    id: 'hash-based',
    title: 'bytecode is valid whatever the times of files are',
    hint: `Compile with --invalidation-mode unchecked-hash: a changed time makes other bytecode worthless.`,
    check: ({ contents }) => some(contents.timestamped, 'depends on times: '),
  },
  {
    id: 'file-times',
    title: 'files have fixed times, none before 1980',
    hint: 'Set them in the build (touch -d @315532800): zip files know nothing earlier, and times of the build make each image another.',
    check: ({ contents }) => some([...contents.early, ...contents.recent], 'other times: '),
  },
];
