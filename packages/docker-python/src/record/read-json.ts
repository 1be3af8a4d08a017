import type { z } from 'zod';

/** @returns undefined where the text is no JSON of that form */
export function readJsonRecord<S extends z.ZodType>(
  schema: S,
  text: string | undefined,
): z.infer<S> | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
