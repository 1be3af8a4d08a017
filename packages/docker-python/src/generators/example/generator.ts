import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';
import { joinInside } from '../../detection/files';
import { DockerPythonError } from '../../errors';
import { checkRoot } from '../../plan/paths';
import { explained } from '../fail';
import setup from '../setup/generator';

export interface ExampleOptions {
  readonly name: string;
  readonly directory?: string;
}

/** Makes a small Flask service and dockerizes it. */
export default function example(
  tree: Tree,
  { name, directory = `apps/${name}` }: ExampleOptions,
): Promise<() => void> {
  return explained(() => {
    const root = joinInside(directory);
    if (root === undefined || root === '.' || !/^[a-z][a-z0-9-]*$/.test(name)) {
      throw new DockerPythonError({
        code: 'UNSUPPORTED_PATH',
        message: `${JSON.stringify(root === undefined || root === '.' ? directory : name)} cannot be used for the example.`,
        hint: 'Give a name of lower-case letters, digits and "-", and a folder inside of the workspace.',
      });
    }
    checkRoot(root);
    if (tree.exists(root) && tree.children(root).length > 0) {
      throw new DockerPythonError({
        code: 'FILE_EXISTS',
        message: `The folder ${root} exists and is not empty.`,
        hint: 'Nothing was changed. Choose another name, or another --directory.',
      });
    }
    generateFiles(tree, join(__dirname, 'files'), root, { name, directory: root });
    return setup(tree, { project: root });
  });
}
