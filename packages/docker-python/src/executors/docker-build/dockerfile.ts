import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerPythonError } from '../../errors';
import { ownership } from '../../render/managed';
import type { ProjectInQuestion } from '../project';

/** The Dockerfile that this run builds. */
export interface ChosenDockerfile {
  /** Absolute; its ignore file lies beside it. */
  readonly path: string;
  readonly text: string;
  readonly ignoreText: string;
  /** What the user has to know of it: that settings do not reach a file that is not managed. */
  readonly note?: string;
  dispose(): void;
}

/**
 * The committed Dockerfile; where options of this run change what would be rendered, a rendered one in a
 * temporary folder. One that was edited by hand is built as it is.
 *
 * @throws DockerPythonError MANAGED_FILE_MISSING, MANAGED_FILE_STALE
 */
export function chooseDockerfile({
  name,
  workspaceRoot,
  design,
  committedDesign,
}: ProjectInQuestion): ChosenDockerfile {
  const committed = committedDesign.managed.map(({ path, text }) => ({
    path,
    text,
    onDisk: readText(join(workspaceRoot, path)),
  }));
  const stale = committed.find(
    ({ text, onDisk }) => onDisk !== undefined && ownership(onDisk) === 'managed' && unix(onDisk) !== text,
  );
  const missing = committed.find(({ onDisk }) => onDisk === undefined);
  if (missing) {
    throw new DockerPythonError({
      code: 'MANAGED_FILE_MISSING',
      message: `There is no ${missing.path}.`,
      hint: `Write it with "nx g docker-python:setup ${name}", or "nx sync" if the project has been set up before, and commit it.`,
    });
  }
  if (stale) {
    throw new DockerPythonError({
      code: 'MANAGED_FILE_STALE',
      message: `${stale.path} is not what the settings and manifests of ${name} ask for now.`,
      hint: 'Run "nx sync" and commit what it changes. In CI, "nx sync:check" finds this before anything is built.',
    });
  }
  const unmanaged = committed.filter(({ onDisk }) => ownership(onDisk!) !== 'managed');
  const overridden = design.managed.some(({ text }, i) => text !== committedDesign.managed[i]!.text);
  const [dockerfile, ignore] = committed;
  return overridden && unmanaged.length === 0
    ? temporary(design.managed.map(({ text }) => text) as [string, string])
    : {
        path: join(workspaceRoot, dockerfile!.path),
        text: dockerfile!.onDisk!,
        ignoreText: ignore!.onDisk!,
        ...(unmanaged.length === 0
          ? {}
          : {
              note: unmanagedNote(
                name,
                unmanaged.map(({ path }) => path),
                overridden,
              ),
            }),
        dispose: () => undefined,
      };
}

/** Without it, a setting that changes nothing looks like one that does not work. */
function unmanagedNote(name: string, paths: readonly string[], overridden: boolean): string {
  const without = `docker-python.json${overridden ? ', the options of this run' : ''} and the manifests change nothing there`;
  return `built as found, since it is edited or not ours: ${paths.join(', ')}; ${without}. Managed again with: nx g docker-python:setup ${name} --overwrite`;
}

function temporary([text, ignoreText]: [string, string]): ChosenDockerfile {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-'));
  const path = join(folder, 'Dockerfile');
  writeFileSync(path, text);
  writeFileSync(`${path}.dockerignore`, ignoreText);
  return { path, text, ignoreText, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function unix(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
