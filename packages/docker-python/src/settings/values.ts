import { z } from 'zod';

/** Kinds of values that several settings have. */

/** A name that is safe as an environment variable. Source: POSIX.1-2024, 8.1. */
export const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable');

/** They make the interpreter or the loader take something else for itself: an image with one of them is a riddle. */
const TAKES_OVER = /^(PYTHONHOME|PYTHONSTARTUP|PYTHONINSPECT|LD_AUDIT)$/;

/** A name that may stand in the environment of every process of an image. */
export const imageEnvName = envName.refine(
  (name) => !TAKES_OVER.test(name),
  'would take over the interpreter of every process; give it to the one container that needs it',
);

/** One line: what stands in a Dockerfile or an argument must not begin another one. */
export const line = z
  .string()
  .refine((value) => !/[\u0000-\u001f\u007f]/.test(value), 'has control characters');
export const text = line.min(1);

export const command = z
  .union([z.array(text).min(1), text])
  .describe(
    'The start command: a list of arguments, or one line that is split as a POSIX shell would. Never run by a shell.',
  );

export const port = z.int().min(1).max(65535);

/** A length of time with its unit. */
export const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, 'is no duration such as 500ms, 30s or 2m');

const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;

/** `30s` -> 30000. The schema has checked the form. */
export function milliseconds(value: string): number {
  const [, number, unit] = /^([\d.]+)(ms|s|m)$/.exec(value)!;
  return Math.round(Number(number) * UNITS[unit as keyof typeof UNITS]);
}

/** As whole seconds, which is what engines take; never 0. */
export function seconds(value: string): number {
  return Math.max(1, Math.ceil(milliseconds(value) / 1000));
}
