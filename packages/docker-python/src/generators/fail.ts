import { DockerPythonError, formatError } from '../errors';

/**
 * Runs a generator's work. Nx prints the stack of an error that a generator throws; ours say what to do
 * instead, so they go without one.
 */
export async function explained<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    const plain = new Error(formatError(error));
    plain.stack = plain.message;
    throw plain;
  }
}
