import type { Registries } from '../registry-types';
import { NotAnswered } from './not-answered';
import type { Questions } from './questions';

/** Registries that are asked without Docker's client where they answer that plainly, else through it. */
export function withShortcut(registries: Registries, questions: Questions): Registries {
  const either = async <T>(directly: () => Promise<T>, throughClient: () => Promise<T>): Promise<T> => {
    try {
      return await directly();
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error;
      return throughClient();
    }
  };
  return {
    ...registries,
    remoteDigest: (reference) =>
      either(
        () => questions.remoteDigest(reference),
        () => registries.remoteDigest(reference),
      ),
    remoteImage: (reference) =>
      either(
        () => questions.remoteImage(reference),
        () => registries.remoteImage(reference),
      ),
    complete: (source, name) =>
      either(
        async () => {
          // The client says which part it is.
          if (!(await questions.isComplete(source))) throw new NotAnswered(`${source} lacks something`);
        },
        () => registries.complete(source, name),
      ),
  };
}
