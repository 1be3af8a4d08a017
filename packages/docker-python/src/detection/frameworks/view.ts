import { posix } from 'node:path';
import { pythonFiles, pythonTree, type PythonTree } from '../python-source';
import type { Finding, Sourced } from '../types';
import { exposedPort, findDockerfiles } from './dockerfile-text';
import { projectTable } from './manifest';
import { walkPythonFiles } from './search';
import { stringAt } from '../toml';
import type { EntryFile, ProcessQuestion, ProjectView } from './types';

/** Looks at a project for the evidence list. Reads lazily: a file is read when the first piece of evidence asks for it. */
export function projectView(question: ProcessQuestion, findings: Finding[]): ProjectView {
  const { files, root, requirements, port } = question;
  const tree = pythonTree(question.python ?? pythonFiles(files, root), question.sourceRoots);
  const extrasOf = new Map<string, readonly string[]>();
  for (const { name, extras } of requirements)
    extrasOf.set(name, [...(extrasOf.get(name) ?? []), ...(extras ?? [])]);
  let names: readonly string[] | undefined;
  let entryFiles: readonly EntryFile[] | undefined;
  let exposed: { readonly port: Sourced<number> | undefined } | undefined;
  const view: ProjectView = {
    root,
    tree,
    requirements,
    declares(name, ...extras) {
      const known = extrasOf.get(name);
      return known !== undefined && (extras.length === 0 || extras.some((extra) => known.includes(extra)));
    },
    get pythonFiles() {
      return (entryFiles ??= walkPythonFiles(tree));
    },
    get names() {
      return (names ??= projectNames(view, question));
    },
    ...(port === undefined ? {} : { port }),
    portOr: (standard) => port ?? view.exposedPort()?.value ?? standard,
    exposedPort: () => (exposed ??= { port: findExposedPort(tree) }).port,
    mayAddServer: question.mayAddServer ?? false,
    note: (finding) => findings.push(finding),
  };
  return view;
}

function findExposedPort(tree: PythonTree): Sourced<number> | undefined {
  for (const path of findDockerfiles(tree)) {
    const port = exposedPort(tree.read(path) ?? '');
    if (port !== undefined) return { value: port, from: `EXPOSE in ${tree.label(path)}` };
  }
  return undefined;
}

function projectNames(view: ProjectView, { distribution, root }: ProcessQuestion): readonly string[] {
  const project = distribution === undefined ? projectTable(view.tree) : {};
  const raw = [
    distribution ?? stringAt(project, 'project', 'name') ?? stringAt(project, 'tool', 'poetry', 'name'),
    root === '.' ? undefined : posix.basename(root),
  ];
  return [...new Set(raw.flatMap((name) => (name ? [name.toLowerCase().replace(/[-.\s]+/g, '_')] : [])))];
}
