/** `npx tsx tools/bench/plugin-cost.ts`: what detection and graph inference of a large workspace cost. Prints medians; asserts nothing. */

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { detectProject } from '../../packages/docker-python/src/detection/detect';
import { diskFiles, memoryFiles } from '../../packages/docker-python/src/detection/files';
import { createEdges } from '../../packages/docker-python/src/graph/create-dependencies';
import { createTargets } from '../../packages/docker-python/src/graph/create-targets';
import { main, say } from '../shell';

const PROJECTS = 1_000;
const LIBRARIES = 200;
/** What the plugin may cost on a quiet machine. */
const COLD_MS = 400;
const WARM_MS = 100;
const RUNS = 7;

void main(async () => {
  const files = workspace(PROJECTS);
  const roots = Array.from({ length: PROJECTS }, (_, i) => `apps/service-${i}`);
  say(`${PROJECTS} projects, ${RUNS} runs; ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);

  const memory = memoryFiles(files);
  await measure('detection, files in memory', () => {
    for (const root of roots) detectProject(memory, root);
  });

  const folder = mkdtempSync(join(tmpdir(), 'docker-python-bench-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const reading = await measure('only listing and reading', () => {
      for (const root of roots) readAll(join(folder, root));
    });
    const detection = await measure('detection, files on disk', () => {
      const disk = diskFiles(folder);
      for (const root of roots) detectProject(disk, root);
    });
    say(`detection takes ${(detection / reading).toFixed(1)} times what listing and reading its files takes`);
    const context = { workspaceRoot: folder, nxJsonConfiguration: {}, configFiles: [] } as never;
    const cold = await measure('graph, nothing known', async () => {
      rmSync(join(folder, '.nx'), { recursive: true, force: true });
      await graph(roots, folder, context);
    });
    const warm = await measure('graph, nothing changed', () => graph(roots, folder, context));
    say(`graph: known is ${(cold / warm).toFixed(1)} times as fast; limits ${COLD_MS} and ${WARM_MS} ms`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What Nx asks of the plugin for one graph: nodes, then dependencies. */
async function graph(roots: readonly string[], folder: string, context: never): Promise<void> {
  const matched = roots.map((root) => `${root}/docker-python.json`);
  const nodes = await createTargets(matched, undefined, context);
  const projects = nodes.flatMap(([, { projects: found }]) => Object.keys(found ?? {}));
  createEdges({
    workspaceRoot: folder,
    externalNodes: {},
    nxJsonConfiguration: {},
    projects: Object.fromEntries(projects.map((root) => [root, { root }])),
    fileMap: { nonProjectFiles: [], projectFileMap: {} },
    filesToProcess: { nonProjectFiles: [], projectFileMap: {} },
  });
}

/** @returns the median of the times that passed, in milliseconds */
async function measure(title: string, work: () => unknown): Promise<number> {
  const passed: number[] = [];
  const worked: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(used);
    passed.push(performance.now() - started);
    worked.push((user + system) / 1_000);
  }
  const ms = (value: number): string => `${value.toFixed(0).padStart(5)} ms`;
  say(
    // The time of the processor too: that of the wall grows where the machine is busy with other things.
    `${title.padEnd(32)} first ${ms(passed[0]!)}  median ${ms(median(passed))}  best ${ms(Math.min(...passed))}  processor ${ms(median(worked))}`,
  );
  return median(passed);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** What no detection can do without: a measure of how busy and how fast the machine is. */
function readAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) readAll(path);
    else readFileSync(path, 'utf8');
  }
}

/** Four kinds of services, as alike as a generator makes them. */
function workspace(count: number): Record<string, string> {
  const kinds: ((name: string) => Record<string, string>)[] = [
    (name) => ({
      'requirements.txt': `flask==3.1.3\ngunicorn==27.0.1\n-e ../../libs/library-${Number(name.split('-')[1]) % LIBRARIES}\n`,
      'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
    }),
    (name) => ({
      'pyproject.toml': `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.11"\ndependencies = ["fastapi", "uvicorn", "library @ file:../../libs/library-${Number(name.split('-')[1]) % LIBRARIES}"]\n`,
      [`src/${name.replaceAll('-', '_')}/__init__.py`]: '',
      [`src/${name.replaceAll('-', '_')}/main.py`]: 'from fastapi import FastAPI\n\napp = FastAPI()\n',
    }),
    () => ({
      'requirements.txt': 'django==5.2\ngunicorn==27.0.1\n',
      'shop/__init__.py': '',
      'shop/settings.py': 'WSGI_APPLICATION = "shop.wsgi.application"\n',
      'shop/wsgi.py':
        'from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n',
      'manage.py': 'import django\n',
    }),
    () => ({
      'requirements.txt': 'celery==5.5\n',
      Procfile: 'worker: celery -A jobs worker\n',
      'jobs.py': 'from celery import Celery\n\napp = Celery()\n',
    }),
  ];
  const libraries = Array.from({ length: LIBRARIES }, (_, i) => [
    `libs/library-${i}/pyproject.toml`,
    `[project]\nname = "library-${i}"\nversion = "1.0"\ndependencies = ["library @ file:../library-${(i * 7) % LIBRARIES}"]\n`,
  ]);
  const services = Object.fromEntries(
    Array.from({ length: count }, (_, i) => `service-${i}`).flatMap((name, i) =>
      Object.entries({ ...kinds[i % kinds.length]!(name), 'docker-python.json': '{ "version": 1 }' }).map(
        ([path, text]) => [`apps/${name}/${path}`, text] as const,
      ),
    ),
  );
  return { ...services, ...(Object.fromEntries(libraries) as Record<string, string>) };
}
