import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case, Measurement } from './cases';
import { benchWorkspace, type BenchWorkspace } from './workspace';

const SIZES = [100, 1_000] as const;

const PLUGINS: Readonly<Record<string, readonly object[]>> = {
  'no plugin': [],
  'docker-python': [{ plugin: 'docker-python', options: {} }],
  '@nxlv/python': [{ plugin: '@nxlv/python', options: { packageManager: 'uv' } }],
};

/** The project graph from nothing, with each plugin: wall time of `nx show projects` after `nx reset`. */
export const INFERENCE: readonly Case[] = SIZES.map((size) => ({
  name: `graph-${size}`,
  title: `project graph of ${size} projects from nothing`,
  limit:
    'manifests, libraries and locks are read, so that an input is exactly what a build reads; where nothing changed, a tenth of it',
  async measure({ runs }) {
    const workspace = await benchWorkspace(`graph-${size}`, ['bench-0']);
    try {
      fill(workspace, size);
      await workspace.commit('projects');
      const measurements: Measurement[] = [];
      for (const [contender, plugins] of Object.entries(PLUGINS)) {
        workspace.write('nx.json', JSON.stringify({ defaultBase: 'main', analytics: false, plugins }));
        const samples: number[] = [];
        for (let i = 0; i < runs; i++) {
          rmSync(join(workspace.root, '.nx'), { recursive: true, force: true });
          const started = performance.now();
          await workspace.nx('show', 'projects', '--json');
          samples.push((performance.now() - started) / 1000);
        }
        measurements.push({ contender, unit: 's', samples });
      }
      return measurements;
    } finally {
      rmSync(workspace.root, { recursive: true, force: true });
    }
  },
}));

function fill({ root }: BenchWorkspace, size: number): void {
  for (let i = 0; i < size; i++) {
    const name = `graph-${i}`;
    const files: Readonly<Record<string, string>> = {
      'pyproject.toml': `[project]\nname = "${name}"\nversion = "1.0"\ndependencies = ["fastapi", "uvicorn", "shared"]\n\n[tool.uv.sources]\nshared = { workspace = true }\n`,
      'project.json': JSON.stringify({ name }),
      'docker-python.json': '{ "version": 1 }',
      [`graph_${i}/__init__.py`]: '',
      [`graph_${i}/main.py`]: 'from fastapi import FastAPI\n\napp = FastAPI()\n',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, 'apps', name, path)), { recursive: true });
      writeFileSync(join(root, 'apps', name, path), text);
    }
  }
}
