import type { z } from 'zod';
import { DockerPythonError } from '../errors';

/**
 * The text that somebody wrote on a command line. Nx makes a number of what looks like one, quoted or not, and the same
 * number of 1.10 and 1.1: only whole ones can be turned back.
 *
 * @param option name of the option, for the message
 * @throws DockerPythonError INVALID_SETTINGS
 */
export function optionText(value: string | number, option: string): string {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return String(value);
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `The value ${value} of --${option} is a number for Nx, so that 1.10 and 1.1 are the same.`,
    hint: `Write it so that it is no number: --${option}=v1.10, with what you mean; or set it in docker-python.json.`,
  });
}

/**
 * Nx gives one value or several; both are a list here.
 *
 * @throws DockerPythonError INVALID_SETTINGS
 */
export function listOf(
  given: string | number | readonly (string | number)[] | undefined,
  option: string,
): readonly string[] {
  const values: readonly (string | number)[] = given === undefined ? [] : [given].flat();
  return values.map((value) => optionText(value, option));
}

/**
 * The value of a setting that was given as an option, with texts where Nx has made numbers of them: those that the
 * setting would not take, and would take as texts. One value stands for a list of one.
 *
 * @throws DockerPythonError INVALID_SETTINGS
 */
export function optionValue(schema: z.ZodType, value: unknown, option: string): unknown {
  const given = [value].flat();
  if (!given.some((one) => typeof one === 'number') || schema.safeParse(value).success) return value;
  const asTexts = (text: (one: number) => string): readonly unknown[] => {
    const texts = given.map((one) => (typeof one === 'number' ? text(one) : one));
    return Array.isArray(value) ? [texts] : [texts[0], texts];
  };
  const fitting = asTexts(String).findIndex((candidate) => schema.safeParse(candidate).success);
  return fitting === -1 ? value : asTexts((one) => optionText(one, option))[fitting];
}
