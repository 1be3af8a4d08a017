import { posix } from 'node:path';
import { MODULE_VERSION, readBuildFacts } from './build-facts';
import type { FileSource } from './files';
import { readTomlOnce } from './managers/parse-cache';
import { stringAt } from './toml';

/** The version in setup.cfg: a literal after `[metadata]` and before another section. */
const SETUP_CFG_VERSION = /^\[metadata\][^[]*?^version[ \t]*=[ \t]*(\d\S*)[ \t]*$/m;

/** A version as PEP 440 has it, loosely. */
const VERSION = /^v?\d[\w.!+-]*$/;

/**
 * The version of a project where its files say it: in its metadata, or as a literal in the module that its metadata
 * names. One that a backend computes, from git or otherwise, is unknown.
 */
export function projectVersion(files: FileSource, root: string): string | undefined {
  const manifest = readTomlOnce(files, posix.join(root, 'pyproject.toml'));
  const { versionFile } = readBuildFacts(files, root);
  const found =
    stringAt(manifest, 'project', 'version') ??
    stringAt(manifest, 'tool', 'poetry', 'version') ??
    SETUP_CFG_VERSION.exec(files.read(posix.join(root, 'setup.cfg')) ?? '')?.[1] ??
    (versionFile === undefined
      ? undefined
      : MODULE_VERSION.exec(files.read(posix.join(root, versionFile)) ?? '')?.[1]);
  return found !== undefined && VERSION.test(found) ? found : undefined;
}
