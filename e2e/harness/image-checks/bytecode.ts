import { property } from './properties';
import type { ImageCheck } from './types';

/** Rows 26 to 30: starting fast, and saying why it crashed. */
export const BYTECODE: readonly ImageCheck[] = [
  property(26, 'hash-based', 'USER 0\nRUN python -m compileall -q -f --invalidation-mode timestamp /app'),
  property(27, 'file-times', 'USER 0\nRUN touch -d 1979-01-01 /app/apps/*/*.py'),
  property(28, 'bytecode', 'USER 0\nRUN find /app -name "*.pyc" -delete'),
  property(28, 'stdlib-bytecode', 'USER 0\nRUN find /usr -name "argparse.*.pyc" -delete'),
  property(29, 'output', 'ENV PYTHONUNBUFFERED='),
  {
    row: 30,
    property: 'a segmentation fault prints a Python traceback',
    spoil: 'ENV PYTHONFAULTHANDLER=',
    async run(subject) {
      const { stderr } = await subject.crash();
      return /Fatal Python error: Segmentation fault[\s\S]*line 1 in <module>/.test(stderr)
        ? ''
        : `it said: ${stderr}`;
    },
  },
  {
    row: 38,
    property: 'arguments replace the command',
    spoil: 'ENTRYPOINT ["tini", "--", "echo"]',
    async run(subject) {
      const { stdout } = await subject.crash();
      return /^3\.\d+\.\d+\n/.test(stdout) ? '' : `it printed: ${stdout}`;
    },
  },
];
