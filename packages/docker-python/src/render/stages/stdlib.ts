import { EPOCH, run } from '../instructions';

/** Slim images ship the standard library without bytecode, and a user who is not root cannot write it. */
export function renderStdlib(): string {
  return [
    'FROM base AS stdlib',
    run(
      [],
      [
        // Otherwise what compiles leaves bytecode of its own, which depends on times and would not be replaced.
        'export PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0',
        'lib=$(python -c \'import sysconfig; print(sysconfig.get_path("stdlib"))\')',
        'python -m compileall -q -f -j 0 --invalidation-mode unchecked-hash \\',
        '  -x \'(^|/)(test|tests|idlelib|turtledemo|lib2to3|ensurepip|site-packages|dist-packages)/\' "$lib" || true',
        'mkdir /out',
        "find \"$lib\" -name '*.pyc' -not -path '*/site-packages/*' -not -path '*/dist-packages/*' -exec cp --parents -t /out {} +",
        `find /out -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
  ].join('\n');
}
