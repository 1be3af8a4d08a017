import { posix } from 'node:path';
import type { CreateDependenciesContext, DependencyType, RawProjectGraphDependency } from '@nx/devkit';
import type { FileSource } from '../detection/files';
import { SETTINGS_FILE } from '../settings/file-name';
import { makersOf } from './artifacts';
import { continueInference } from './inference';

// The values of the enumeration of `@nx/devkit`: loading it costs more than the whole graph does.
const STATIC = 'static' as DependencyType.static;
const IMPLICIT = 'implicit' as DependencyType.implicit;

/** Files and folders one of which every Python project has. */
const EVIDENCE =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|Pipfile|pylock\.toml|requirements\/?|[\w.-]*requirements[\w.-]*\.(?:txt|in|pip|lock))$/;

/**
 * Edges between projects that hold Python projects: whatever their manifests name by path, URL or membership of a
 * workspace, for every use, files of other projects that their requirements lists include, and projects whose outputs
 * go into their image. Starts no process.
 */
export function createEdges(context: CreateDependenciesContext): RawProjectGraphDependency[] {
  const { files, needs: needsOf, cached } = continueInference(context.workspaceRoot);
  const names = new Map(
    Object.entries(context.projects).map(([name, { root }]) => [posix.normalize(root || '.'), name]),
  );
  const toEdge = edgeMaker(context);
  const roots = [...names.keys()];
  const needsByRoot = cached('dependencies', roots, () =>
    roots
      .filter((root) => isPython(files, root) || files.list(root).includes(SETTINGS_FILE))
      .map((root) => ({ root, ...needsOf(root), makers: makersOf(files, root) })),
  );
  return needsByRoot.flatMap(({ root, references, included, makers }) => {
    const source = names.get(root)!;
    const needs = [
      ...references.map(({ path, file }) => ({ target: projectAt(names, path), file })),
      ...included.map(({ path, file }) => ({
        target: projectAt(names, posix.dirname(path)),
        file,
      })),
      ...makers.map((name) => ({
        target: name in context.projects ? name : undefined,
        file: posix.join(root, SETTINGS_FILE),
      })),
    ];
    const byTarget = new Map<string, string>();
    for (const { target, file } of needs) {
      if (target !== undefined && target !== source && !byTarget.has(target)) byTarget.set(target, file);
    }
    return [...byTarget].map(([target, file]) => toEdge(source, target, file));
  });
}

function isPython(files: FileSource, root: string): boolean {
  return files.list(root).some((name) => EVIDENCE.test(name));
}

/**
 * The project with the nearest root that contains a folder. A project in the workspace's own root contains everything
 * and stands for nothing but itself: a folder in no other project is in none.
 */
function projectAt(names: ReadonlyMap<string, string>, folder: string): string | undefined {
  for (let at = folder; at !== '.'; at = posix.dirname(at)) {
    const name = names.get(at);
    if (name !== undefined) return name;
  }
  return folder === '.' ? names.get('.') : undefined;
}

/**
 * A static edge where a file of the source itself says it, which Nx keeps as long as that file stays as it is. An
 * implicit one where another file does; and beside @nxlv/python, which makes implicit ones: Nx drops an edge that is
 * there already, but only of the same kind.
 */
function edgeMaker(
  context: CreateDependenciesContext,
): (source: string, target: string, file: string) => RawProjectGraphDependency {
  const beside = (context.nxJsonConfiguration.plugins ?? []).some(
    (plugin) => (typeof plugin === 'string' ? plugin : plugin.plugin) === '@nxlv/python',
  );
  const owned = new Map<string, ReadonlySet<string>>();
  const owns = (source: string, file: string): boolean => {
    if (!owned.has(source)) {
      const listed = context.fileMap.projectFileMap[source] ?? [];
      owned.set(source, new Set(listed.map((entry) => entry.file)));
    }
    return owned.get(source)!.has(file);
  };
  return (source, target, sourceFile) =>
    !beside && owns(source, sourceFile)
      ? { source, target, sourceFile, type: STATIC }
      : { source, target, type: IMPLICIT };
}
