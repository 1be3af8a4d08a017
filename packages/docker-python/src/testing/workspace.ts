import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTree, createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { below, FLASK } from './projects';
import { tempFolder, writeFiles } from './temp-folder';

/** An Nx workspace in memory with Python projects in it: project name to the files of `apps/<name>`. */
export function workspaceTree(
  projects: Readonly<Record<string, Readonly<Record<string, string>>>> = { api: FLASK },
): Tree {
  const tree = createTreeWithEmptyWorkspace();
  for (const [name, files] of Object.entries(projects)) {
    addProjectConfiguration(tree, name, { root: `apps/${name}`, projectType: 'application', targets: {} });
    for (const [path, text] of Object.entries(below(`apps/${name}`, files))) tree.write(path, text);
  }
  return tree;
}

/** A tree over files on disk, in which nothing is changed yet: what Nx gives to a sync generator. */
export function treeOnDisk(files: Readonly<Record<string, string>>): Tree {
  const folder = tempFolder();
  writeFiles(folder, files);
  // A tree for tests begins with a change of its own.
  return Object.assign(createTree(), { root: folder, recordedChanges: {} });
}

/** All files of a tree with their texts: what two states of it are compared by. */
export function filesOf(tree: Tree): Record<string, string> {
  const texts = tree
    .listChanges()
    .map(({ path, content, type }): [string, string] => [
      path,
      type === 'DELETE' ? '(deleted)' : content!.toString(),
    ]);
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Runs a generator and keeps what it prints from the terminal of the tests. */
export async function quietly<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly value: T; readonly printed: string }> {
  const printed: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    return { value: await work(), printed: printed.join('') };
  } finally {
    spy.mockRestore();
  }
}

/** The message of the error that a generator ends with. Nx prints it as it is. */
export async function complaint(work: () => Promise<unknown>): Promise<string> {
  try {
    await quietly(work);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('this should have failed');
}
