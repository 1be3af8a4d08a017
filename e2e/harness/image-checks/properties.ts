import { PROPERTIES } from '../../../packages/docker-python/src/inspection/properties';
import type { ImageCheck } from './types';

/** A row that the plugin itself can tell of any image: see `nx diagnose --image`. */
export function property(row: number, id: string, spoil: string): ImageCheck {
  const found = PROPERTIES.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`there is no property ${id}`);
  return {
    row,
    property: found.title,
    spoil,
    run: async (subject) => found.check(await subject.survey()) ?? '',
  };
}
