import { DockerPythonError } from '../errors';

/** The error that some work ends with, which must be one of ours. */
export function failureOf(work: () => unknown): DockerPythonError {
  try {
    work();
  } catch (error) {
    if (error instanceof DockerPythonError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

/** Like {@link failureOf}, for work that takes time. */
export async function failureOfAsync(work: () => Promise<unknown>): Promise<DockerPythonError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof DockerPythonError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

/** Runs work that may fail, but only with an error of ours that says something. */
export function onlyOurErrors<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof DockerPythonError && error.message !== '' && error.hint !== '') return undefined;
    throw error;
  }
}
