import type { FileSource } from '../../detection/files';
import type { PinPlan } from '../../pipeline/pin-plan';
import { changedPins, changeTable, samePins } from '../../pins/compare';
import { readPins } from '../../pins/read-pins';

/** A file of pins as it would be. */
export interface PinnedFile {
  /** Workspace-relative. */
  readonly path: string;
  readonly text: string;
  readonly differs: boolean;
  /** Old and new versions, a line each. */
  readonly table: readonly string[];
}

/** What was made, beside what is there. */
export function changesOf(
  files: FileSource,
  plan: PinPlan,
  made: ReadonlyMap<string, string>,
): readonly PinnedFile[] {
  return [...made].map(([path, raw]) => {
    const text = plan.finish(path, raw);
    const before = files.read(path);
    const python = plan.design.project.python.value;
    return {
      path,
      text,
      differs: before === undefined || !samePins(before, text, python),
      table: changeTable(changedPins(readPins(before ?? ''), readPins(text))),
    };
  });
}
