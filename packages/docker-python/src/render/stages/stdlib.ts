import { COMPILER_MOUNT, compile } from '../bytecode';
import { EPOCH, run } from '../instructions';

/** What no application imports, and what other layers compile. */
const LEFT_OUT = [
  'test',
  'tests',
  'idlelib',
  'turtledemo',
  'lib2to3',
  'ensurepip',
  'site-packages',
  'dist-packages',
];

/** Slim images ship the standard library without bytecode, and a user who is not root cannot write it. */
export function renderStdlib(): string {
  return [
    'FROM base AS stdlib',
    run(
      [COMPILER_MOUNT],
      [
        // Otherwise what compiles leaves bytecode of its own, which depends on times.
        'export PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0',
        'lib=$(python -c \'import sysconfig; print(sysconfig.get_path("stdlib"))\')',
        compile('"$lib"', LEFT_OUT),
        'mkdir /out',
        "find \"$lib\" -name '*.pyc' -not -path '*/site-packages/*' -not -path '*/dist-packages/*' -exec cp --parents -t /out {} +",
        `find /out -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
  ].join('\n');
}
