import { DockerPythonError, formatError } from '../errors';

/**
 * Runs a generator's work. Nx prints the stack of an error that a generator throws, or its message alone; ours say what
 * to do instead, so they go without the one, and have the hint in the other.
 */
export async function explained<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    throw plainError(formatError(error));
  }
}

/** An error of which Nx prints these words and nothing else. */
export function plainError(text: string): Error {
  const plain = new Error(text);
  plain.stack = text;
  return plain;
}
