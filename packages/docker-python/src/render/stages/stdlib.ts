import { EPOCH, run } from '../instructions';

/** Slim images ship the standard library without bytecode, and a user who is not root cannot write it. */
export function renderStdlib(): string {
  return [
    'FROM base AS stdlib',
    run(
      [],
      [
        'lib=$(python -c \'import sysconfig; print(sysconfig.get_path("stdlib"))\')',
        'PYTHONHASHSEED=0 python -m compileall -q -j 0 --invalidation-mode unchecked-hash \\',
        '  -x \'(^|/)(test|tests|idlelib|turtledemo|lib2to3|ensurepip|site-packages|dist-packages)/\' "$lib" || true',
        'mkdir -p "/out$lib"',
        "cd / && find \"${lib#/}\" -name '*.pyc' -not -path '*/site-packages/*' -not -path '*/dist-packages/*' | tar cf - --no-recursion -T - | tar xf - -C /out",
        `find /out -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
  ].join('\n');
}
