import { backedBy, backendManager } from './backends';

/** Flit, with `[project]` or the older `[tool.flit.metadata]`. Source: Flit's documentation, "The pyproject.toml config file". */
export const flit = backendManager('flit', 'pyproject.toml with the build backend flit_core', (question) =>
  backedBy(question, ['flit_core', 'flit']),
);
