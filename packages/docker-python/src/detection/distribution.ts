import { posix } from 'node:path';
import type { FileSource } from './files';
import { readTomlOnce } from './managers/parse-cache';
import { stringAt } from './toml';
import { distributionName, type DistributionName, type Sourced } from './types';

/** The name in setup.cfg: the first `name` after `[metadata]` and before another section. */
const SETUP_CFG_NAME = /^\[metadata\][^[]*?^name[ \t]*=[ \t]*(\S+)[ \t]*$/m;
/** A literal name in the call of a setup.py. */
const SETUP_PY_NAME = /\bsetup\([^()]{0,2000}?\bname[ \t]*=[ \t]*["']([^"'\n]+)["']/;

/** The distribution's name where metadata gives one, else the name of the folder. */
export function detectDistribution(files: FileSource, root: string): Sourced<DistributionName> {
  const path = posix.join(root, 'pyproject.toml');
  const manifest = readTomlOnce(files, path);
  const [cfg, script] = [posix.join(root, 'setup.cfg'), posix.join(root, 'setup.py')];
  const named = [
    { name: stringAt(manifest, 'project', 'name'), from: `project in ${path}` },
    { name: stringAt(manifest, 'tool', 'poetry', 'name'), from: `tool.poetry in ${path}` },
    { name: stringAt(manifest, 'tool', 'flit', 'metadata', 'module'), from: `tool.flit.metadata in ${path}` },
    { name: SETUP_CFG_NAME.exec(files.read(cfg) ?? '')?.[1], from: `metadata in ${cfg}` },
    { name: SETUP_PY_NAME.exec(files.read(script) ?? '')?.[1], from: `setup() in ${script}` },
  ];
  for (const { name, from } of named) {
    if (name !== undefined && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) {
      return { value: distributionName(name), from };
    }
  }
  const folder = posix.basename(root === '.' ? 'application' : root).replace(/[^A-Za-z0-9._-]/g, '-');
  return { value: distributionName(folder), from: 'the name of its folder' };
}
