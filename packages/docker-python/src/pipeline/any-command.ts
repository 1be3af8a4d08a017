import { DockerPythonError } from '../errors';
import { designImage, type DesignQuestion, type ImageDesign } from './design-image';

/** Stands in where nothing says how a project starts. */
const ANY = { from: 'nothing', settings: { command: ['python'] } };

/**
 * The design of an image that nobody runs: for its pins it does not matter how the project starts, and a project may
 * need pins before it can be started at all.
 *
 * @throws DockerPythonError from any of the rooms, but for a start command
 */
export function designWithAnyCommand(question: DesignQuestion): ImageDesign {
  try {
    return designImage(question);
  } catch (error) {
    const codes = ['COMMAND_NOT_FOUND', 'AMBIGUOUS_COMMAND'];
    if (!(error instanceof DockerPythonError) || !codes.includes(error.code)) throw error;
    return designImage({ ...question, overrides: [...(question.overrides ?? []), ANY] });
  }
}
