import { readNxJson, updateNxJson, type Tree } from '@nx/devkit';

/** Folder of image records, which are outputs of tasks and not sources. */
const OUTPUT_FOLDER = 'dist';

/**
 * What a `.gitignore` that is not there yet begins with: one that names our folder alone looks as if somebody had thought
 * about it, and `git add --all` then commits every installed package.
 */
const OTHERS = ['node_modules', '.nx/cache', '.nx/workspace-data', ''].join('\n');

/** Registers the plugin in nx.json and keeps its outputs out of git. Running it again changes nothing. */
export default function init(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const registered = nxJson.plugins?.some(
    (entry) => (typeof entry === 'string' ? entry : entry.plugin) === 'docker-python',
  );
  if (!registered) {
    updateNxJson(tree, {
      ...nxJson,
      plugins: [...(nxJson.plugins ?? []), { plugin: 'docker-python', options: {} }],
    });
  }
  const ignored = tree.read('.gitignore', 'utf-8') ?? OTHERS;
  if (!ignored.split(/\r?\n/).some((line) => /^\/?dist\/?$/.test(line.trim()))) {
    const separator = ignored === '' || ignored.endsWith('\n') ? '' : '\n';
    tree.write('.gitignore', `${ignored}${separator}${OUTPUT_FOLDER}\n`);
  }
}
