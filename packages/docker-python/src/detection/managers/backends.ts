import { posix } from 'node:path';
import { readRequirements } from '../requirements';
import type { Argv, DependencyFacts, ManagerName } from '../types';
import { declared } from './declared';
import { unlocked } from './findings';
import { compileManifest, ownManifest } from './manifest';
import { buildBackend, glanceAtPyproject, inRoot } from './pyproject';
import { resolveWithLibraries } from './resolve-with-libraries';
import { LIST_AGAIN, OUTPUT, UV } from './tools';
import type { ManagerQuestion, PackageManager } from './types';

/** A setup.cfg alone is read by setuptools, but PEP 517 front ends look for one of the other two files. */
const SETUP_PY: Argv = [
  'python',
  '-c',
  "open('setup.py', 'w').write('from setuptools import setup; setup()')",
];

/**
 * A manager that has no lock file of its own: dependencies stand in the metadata, which a build backend reads. Their
 * list is resolved while the image is built, by `uv pip compile`.
 *
 * @param name hatch, flit or setuptools
 * @param claims whether it is in charge of a project that nobody else has claimed
 */
export function backendManager(
  name: ManagerName,
  needs: string,
  claims: (question: ManagerQuestion) => string | undefined,
): PackageManager {
  return {
    name,
    needs,
    lock: () => undefined,
    manifest: claims,
    fallback: (question) => {
      const manifest = ownManifest(question);
      return manifest === undefined ? undefined : inRoot(question.root, manifest);
    },
    facts(question, claimedBy) {
      const { requirements, localPackages, hashed, manifest } = declared(question);
      const { files, root, lists = [] } = question;
      const repository = resolveWithLibraries(question, localPackages);
      const compile = compileManifest(question, manifest === 'setup.cfg' ? 'setup.py' : manifest, [
        ...lists.map((path) => posix.relative(root, path)),
        ...(repository.before.length > 0 ? [`${OUTPUT}.in`] : []),
      ]);
      const listed = lists.flatMap((path) => readRequirements(files, path, root).files);
      return {
        manager: { value: name, from: claimedBy },
        requirements,
        recipe: {
          tools: [UV],
          files: [...new Set([...compile.files, ...listed, ...repository.files])].sort(),
          commands: [
            ...(manifest === 'setup.cfg' ? [SETUP_PY] : []),
            ...repository.before,
            compile.command,
            LIST_AGAIN,
          ],
          network: true,
          hashed,
        },
        localPackages,
        findings: [unlocked(claimedBy)],
      } satisfies DependencyFacts;
    },
  };
}

/** The project's pyproject.toml if its build backend is one of these modules. */
export function backedBy({ files, root }: ManagerQuestion, modules: readonly string[]): string | undefined {
  const pyproject = glanceAtPyproject(files, root);
  return pyproject && modules.includes(buildBackend(pyproject) ?? '') ? pyproject.path : undefined;
}
