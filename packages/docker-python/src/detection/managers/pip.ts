import { posix } from 'node:path';
import { DockerPythonError } from '../../errors';
import { readRequirements, type RequirementEntry, type RequirementsChain } from '../requirements';
import type { Argv, DependencyFacts, Finding, InstallRecipe, LocalPackage, Requirement } from '../types';
import { declared } from './declared';
import { unlocked } from './findings';
import { pinnedVersion } from './pep440';
import { toRequirement } from './pep508';
import { sourceOfPins } from './pin-list';
import { inRoot, uniqueRequirements } from './pyproject';
import { ownManifest, compileManifest } from './manifest';
import { resolveWithLibraries } from './resolve-with-libraries';
import { firstFile, REQUIREMENTS_FILES, REQUIREMENTS_SOURCES } from './requirements-choice';
import { OUTPUT, SCRIPTS, UV } from './tools';
import type { ManagerQuestion, PackageManager } from './types';

/** A line that requires something or includes a file, rather than a comment or an option. */
const REQUIRES = /^[ \t\uFEFF]*(?:[\w.{]|-[er]|--(?:editable|requirement)\b)/m;

/** Requirements files, pinned or not, by hand or from pip-tools. Source: pip's "Requirements File Format". */
export const pip: PackageManager = {
  name: 'pip',
  needs: 'requirements.txt',

  lock({ files, root }) {
    const path = firstFile(files, root, REQUIREMENTS_FILES);
    return path !== undefined && REQUIRES.test(files.read(path)!) ? path : undefined;
  },

  manifest: ({ files, root }) => firstFile(files, root, REQUIREMENTS_SOURCES),

  fallback: ({ files, root }) => firstFile(files, root, REQUIREMENTS_FILES),

  facts(question, claimedBy) {
    const { files, root } = question;
    const paths = [claimedBy, ...(question.lists ?? [])];
    const chain = mergeChains(paths.map((path) => readRequirements(files, path, root)));
    refuseLocalIndexes(chain);
    const thirdParty = chain.entries.filter(({ location }) => location?.kind !== 'local');
    const self = chain.entries.filter(({ location }) => location?.kind === 'local' && location.path === root);
    // A complete list has what packages of the repository need as well; an empty one says nothing about them.
    const complete =
      isComplete(thirdParty) &&
      (thirdParty.length === chain.entries.length || thirdParty.length > 0) &&
      question.groups.length === 0;
    const local = [...localPackages(chain, root), ...localOfSource(question, claimedBy)];
    const recipe = complete
      ? hashedRecipe(root, paths, chain)
      : resolvingRecipe(question, paths, chain, self, local);
    return {
      manager: { value: 'pip', from: claimedBy },
      ...(complete ? { lock: { value: claimedBy, from: claimedBy } } : {}),
      requirements: uniqueRequirements(thirdParty.flatMap(toFact)),
      recipe,
      localPackages: local,
      findings: complete ? [] : [unlockedList(thirdParty, claimedBy, howToPin(question, claimedBy))],
    } satisfies DependencyFacts;
  },
};

/**
 * Whether the list needs no resolving: every entry is pinned with hashes. An URL counts as pinned with a hash, a
 * repository as it is, since nobody can hash one; with nothing but repositories nothing says that the list is complete.
 */
export function isComplete(entries: readonly RequirementEntry[]): boolean {
  const indexed = entries.filter(({ location }) => location?.kind !== 'vcs');
  return (
    (indexed.length > 0 || entries.length === 0) &&
    indexed.every(({ hashes, location, specifiers }) => {
      const inUrl = location?.kind === 'url' && /#(?:.*&)?sha(?:256|384|512)=/.test(location.url);
      return (
        (hashes.length > 0 || inUrl) && (location !== undefined || pinnedVersion(specifiers) !== undefined)
      );
    })
  );
}

/** Several lists as one. */
function mergeChains(chains: readonly RequirementsChain[]): RequirementsChain {
  return {
    files: [...new Set(chains.flatMap(({ files }) => files))],
    entries: chains.flatMap(({ entries }) => entries),
    constraints: chains.flatMap(({ constraints }) => constraints),
    options: chains.flatMap(({ options }) => options),
  };
}

function hashedRecipe(root: string, paths: readonly string[], chain: RequirementsChain): InstallRecipe {
  return {
    tools: [],
    files: chain.files.toSorted(),
    commands: [['python', `${SCRIPTS}/requirements.py`, 'list', OUTPUT, ...relativeTo(root, paths)]],
    network: false,
    hashed: hashable(chain),
  };
}

/** `uv pip compile` over the list; where it names the project itself or libraries, over their manifests as well. */
function resolvingRecipe(
  question: ManagerQuestion,
  paths: readonly string[],
  chain: RequirementsChain,
  self: readonly RequirementEntry[],
  local: readonly LocalPackage[],
): InstallRecipe {
  const lists = relativeTo(question.root, paths);
  const own = self.length > 0 ? ownManifest(question) : undefined;
  const extras = [...new Set(self.flatMap((entry) => entry.extras))];
  const compile = compileManifest(
    { ...question, extras: own ? [...new Set([...extras, ...question.extras])] : [] },
    own,
    [
      `${OUTPUT}.in`,
      ...(chain.constraints.length > 0 ? ['--constraints', `${OUTPUT}.constraints`] : []),
      ...(chain.options.some(({ name }) => name === '--pre') ? ['--prerelease', 'allow'] : []),
    ],
  );
  const repository = resolveWithLibraries(question, local);
  const commands: Argv[] = [
    ['python', `${SCRIPTS}/requirements.py`, 'input', `${OUTPUT}.in`, `${OUTPUT}.constraints`, ...lists],
    ...repository.before,
    compile.command,
    ...repository.after,
    ...(chain.options.length > 0
      ? [['python', `${SCRIPTS}/requirements.py`, 'options', OUTPUT, ...lists]]
      : []),
  ];
  return {
    tools: [UV],
    files: [...new Set([...chain.files, ...compile.files, ...repository.files])].sort(),
    commands,
    network: true,
    hashed: hashable(chain),
  };
}

function relativeTo(root: string, paths: readonly string[]): readonly string[] {
  return paths.map((path) => posix.relative(root, path));
}

function hashable(chain: RequirementsChain): boolean {
  return !chain.entries.some(({ location }) => location?.kind === 'vcs');
}

function toFact({ name, extras, specifiers }: RequirementEntry): Requirement[] {
  return name === undefined ? [] : [toRequirement({ name, extras, specifiers })];
}

function localPackages(chain: RequirementsChain, root: string): readonly LocalPackage[] {
  return chain.entries.flatMap(({ location, from, extras }) =>
    location?.kind === 'local' && location.path !== root ? [{ path: location.path, from, extras }] : [],
  );
}

/** Pins that pin-deps wrote hold nothing of this repository: what of it is needed stands in what they were made from. */
function localOfSource(question: ManagerQuestion, list: string): readonly LocalPackage[] {
  const { files, root } = question;
  const source = sourceOfPins(files.read(list) ?? '');
  if (source === undefined) return [];
  const path = inRoot(root, source);
  if (files.read(path) === undefined) return [];
  return source.endsWith('.in')
    ? localPackages(readRequirements(files, path, root), root)
    : declared(question).localPackages;
}

/** pin-deps makes a list from what people write: a file beside it, or the manifest. Where there is neither, the list is that. */
function howToPin(question: ManagerQuestion, list: string): string {
  const source = list.replace(/(?:\.[^./]*)?$/, '.in');
  const isThere = question.files.read(source) !== undefined || ownManifest(question) !== undefined;
  return isThere
    ? 'Run the target pin-deps: it writes the complete list with hashes.'
    : `Run "git mv ${list} ${source}", then the target pin-deps: it writes the complete list with hashes.`;
}

function unlockedList(entries: readonly RequirementEntry[], path: string, hint: string): Finding {
  const unpinned = entries.filter(
    ({ specifiers, location }) => !location && pinnedVersion(specifiers) === undefined,
  );
  if (unpinned.length === 0) {
    return {
      code: 'unhashed',
      message: `${path} has no hashes for all of its entries: what they depend on can change from build to build.`,
      hint,
    };
  }
  const names = unpinned
    .slice(0, 3)
    .map(({ name, from }) => `${name} (${from})`)
    .join(', ');
  return {
    ...unlocked(path),
    hint,
    message: `${path} does not pin ${unpinned.length} of its ${entries.length} entries: ${names}${unpinned.length > 3 ? ', ...' : ''}.`,
  };
}

/** A folder of wheels is no index that other build steps can reach. */
function refuseLocalIndexes({ options }: RequirementsChain): void {
  const local = options.find(
    ({ name, value }) => name === '--find-links' && value && !/^(?:https?:\/\/|\$\{)/i.test(value),
  );
  if (!local) return;
  throw new DockerPythonError({
    code: 'UNSUPPORTED_PATH',
    message: `${local.from} looks for packages in the folder ${local.value}, which is not supported.`,
    hint: 'Give --find-links the URL of a server, or publish those packages to an index.',
  });
}
