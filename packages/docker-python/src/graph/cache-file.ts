import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** A file of the plugin in the folder where Nx keeps what it knows of a workspace. Losing it costs time only. */
export interface CacheFile {
  /** The content, or undefined where there is none that is whole. */
  read(): unknown;
  write(content: unknown): void;
}

/** @param name file name */
export function cacheFile(workspaceRoot: string, name: string): CacheFile {
  const data = process.env['NX_WORKSPACE_DATA_DIRECTORY'] ?? join('.nx', 'workspace-data');
  const folder = isAbsolute(data) ? data : join(workspaceRoot, data);
  const path = join(folder, name);
  return {
    read() {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as unknown;
      } catch {
        return undefined; // not there, not readable, or cut off: made again
      }
    },
    write(content) {
      // Several Nx processes may write at a time: each its own file, and the last one that is complete counts.
      const own = `${path}.${process.pid}`;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(own, JSON.stringify(content));
        renameSync(own, path);
      } catch {
        rmSync(own, { force: true }); // a read-only file system: then every graph is made anew
      }
    },
  };
}

/** Version of this plugin: what another one made does not count. */
export function pluginVersion(): string {
  const text = readFileSync(join(__dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
