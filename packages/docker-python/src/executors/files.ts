import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes a file, and gives back the text that was there. */
export function exchangeFile(path: string, text: string): string | undefined {
  const before = readIfPresent(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return before;
}
