import { backedBy, backendManager } from './backends';

/** Hatch, that is hatchling as the build backend. Source: Hatch's documentation, "Metadata". */
export const hatch = backendManager('hatch', 'pyproject.toml with the build backend hatchling', (question) =>
  backedBy(question, ['hatchling']),
);
