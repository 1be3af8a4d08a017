import { detectProject } from '../detection/detect';
import { memoryFiles, type FileSource } from '../detection/files';
import type { PinnedProject } from '../detection/managers';

/** A need in a generated lock. */
export interface Need {
  readonly name: string;
  readonly marker?: string;
}

/** A package of a generated lock; one with a folder is of the workspace. */
export interface GeneratedPackage {
  readonly name: string;
  readonly version: string;
  readonly folder?: string;
  readonly needs: readonly Need[];
}

/** Hash of the one file of a package: what changes with its version. */
export function hashOf(name: string, version: string): string {
  return `sha256:${Buffer.from(`${name} ${version}`).toString('hex').padEnd(64, '0').slice(0, 64)}`;
}

/** The text of a uv.lock with these packages, in this order. */
export function uvLock(packages: readonly GeneratedPackage[], more = ''): string {
  const entries = packages.map(({ name, version, folder, needs }) =>
    [
      '[[package]]',
      `name = "${name}"`,
      `version = "${version}"`,
      folder === undefined
        ? 'source = { registry = "https://index.invalid/simple" }'
        : `source = { editable = "${folder}" }`,
      `dependencies = [${needs.map(({ name: to, marker }) => `{ name = "${to}"${marker === undefined ? '' : `, marker = "${marker}"`} }`).join(', ')}]`,
      ...(folder === undefined
        ? [
            `wheels = [{ url = "https://files.invalid/${name}-${version}-py3-none-any.whl", hash = "${hashOf(name, version)}" }]`,
          ]
        : [
            '[package.metadata]',
            `requires-dist = [${needs.map(({ name: to }) => `{ name = "${to}" }`).join(', ')}]`,
          ]),
    ].join('\n'),
  );
  return ['version = 1', 'requires-python = ">=3.11"', more, ...entries, ''].join('\n');
}

/** Files of a uv workspace: its lock, the root's manifest, and a manifest per package that has a folder. */
export function uvWorkspace(packages: readonly GeneratedPackage[], more = ''): Record<string, string> {
  const members = packages.flatMap(({ name, folder, needs }) =>
    folder === undefined
      ? []
      : [
          [
            `${folder}/pyproject.toml`,
            `[project]\nname = "${name}"\nversion = "1"\ndependencies = [${needs.map(({ name: to }) => `"${to}"`).join(', ')}]\n`,
          ] as const,
        ],
  );
  return {
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n',
    '.python-version': '3.13\n',
    'uv.lock': uvLock(packages, more),
    ...Object.fromEntries(members),
  };
}

/** A project under a shared lock, as detection sees it. */
export function pinned(
  files: FileSource | Record<string, string>,
  root: string,
  groups: string[] = [],
): PinnedProject {
  const source =
    'read' in files && typeof files.read === 'function'
      ? (files as FileSource)
      : memoryFiles(files as Record<string, string>);
  const command = { value: ['python', 'main.py'], from: 'a test' };
  const project = detectProject(source, root, { command, groups });
  if (!project.shared) throw new Error(`${root} is under no shared lock`);
  return { ...project, shared: project.shared };
}
