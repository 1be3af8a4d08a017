import type { BuildFacts } from '../detection/build-facts';
import { wheelFits } from '../detection/managers/wheels';
import type { Finding, PythonProject, Requirement, Sourced } from '../detection/types';
import type { Settings } from '../settings/schema';
import type { Release } from './bases';
import {
  COMPILER,
  GIT,
  type Names,
  type Need,
  NEEDS,
  PYTHON_HEADERS,
  PYTHON_VENV,
  RUST,
  SSH,
} from './system-package-table';
import type { SystemPackages } from './types';

export interface SystemPackagesQuestion {
  readonly project: PythonProject;
  /** What is built or compiled of this repository: the project itself, libraries. */
  readonly builds: readonly BuildFacts[];
  /** Further names that the table knows, found in code. */
  readonly codeNeeds: readonly string[];
  /** Undefined where nothing is known about the base: then only the user decides. */
  readonly release: Release | undefined;
  /** Whether the base's Python is one of its system packages, whose headers are apart. */
  readonly systemPython: boolean;
  readonly settings: NonNullable<Settings['systemPackages']>;
  /** Whether build steps fetch from repositories through SSH. */
  readonly ssh: boolean;
}

/** One thing that is needed, before it is known under which names. */
interface Wanted {
  readonly kind: keyof SystemPackages;
  readonly names: Names;
  readonly by: string;
}

/** What `"ssh": true` takes: somebody who asks for it fetches by git. */
const SSH_CLIENT: readonly Wanted[] = [
  { kind: 'build', names: GIT, by: '"ssh" in the settings' },
  { kind: 'build', names: SSH, by: '"ssh" in the settings' },
];

/**
 * The packages of the operating system that a project's production dependencies and the steps of its build need, beside
 * those that the user names. Where the lock lists wheels, what has one that fits needs no compiler; else the table says
 * what is usual. Without inference the dependencies are the user's business; what our own steps run is not.
 */
export function systemPackages(
  question: SystemPackagesQuestion,
): SystemPackages & { readonly findings: readonly Finding[] } {
  const { release, settings } = question;
  const guessed = settings.infer === false ? [] : [...ofRequirements(question), ...ofBuilds(question)];
  const wanted = release === undefined ? [] : [...guessed, ...ofOwnSteps(question)];
  const found = wanted.flatMap(({ kind, names, by }) =>
    (names[release!] ?? '')
      .split(' ')
      .filter((name) => name !== '')
      .map((name) => ({ kind, value: name.replace('{python}', question.project.python.value), from: by })),
  );
  const chosen = (kind: keyof SystemPackages): readonly Sourced<string>[] =>
    merge([
      ...found.filter((entry) => entry.kind === kind),
      ...(settings[kind] ?? []).map((value) => ({ value, from: `"systemPackages.${kind}" in the settings` })),
    ]);
  return {
    build: chosen('build'),
    runtime: chosen('runtime'),
    findings: wanted.filter(({ names }) => names[release!] === null).map(unavailable(release)),
  };
}

function ofRequirements({ project, codeNeeds, systemPython }: SystemPackagesQuestion): readonly Wanted[] {
  const { requirements, python } = project;
  const byName = new Map<string, Requirement | undefined>(codeNeeds.map((name) => [name, undefined]));
  for (const requirement of requirements) {
    byName.set(requirement.name, requirement);
    for (const extra of requirement.extras ?? []) byName.set(`${requirement.name}[${extra}]`, undefined);
  }
  const needs = NEEDS.filter(({ unless = [] }) => !unless.some((name) => byName.has(name)));
  const known = needs.flatMap((need) =>
    need.when
      .filter((name) => byName.has(name))
      .flatMap((name) => toWanted(need, name, byName.get(name), python.value)),
  );
  // A source distribution that no row knows may be pure Python; nobody can tell without opening it.
  const inTable = new Set(NEEDS.filter(({ source }) => source).flatMap(({ when }) => when));
  const others = requirements.filter(
    (requirement) => !inTable.has(requirement.name) && hasWheel(requirement, python.value) === false,
  );
  const compiled = others.map(({ name }) => ({
    kind: 'build' as const,
    names: COMPILER,
    by: `${name}, which has no wheel for this platform`,
  }));
  const fromRepository = project.recipe.hashed
    ? []
    : [{ kind: 'build' as const, names: GIT, by: 'a requirement that comes from a repository' }];
  const all = [...known, ...compiled, ...fromRepository];
  const compiler = all.find(({ kind, names }) => kind === 'build' && names !== GIT);
  return compiler && systemPython ? [...all, { kind: 'build', names: PYTHON_HEADERS, by: compiler.by }] : all;
}

function toWanted(
  need: Need,
  name: string,
  requirement: Requirement | undefined,
  python: string,
): readonly Wanted[] {
  const wheel = (requirement && hasWheel(requirement, python)) ?? need.wheels;
  const by = need.source && !wheel ? `${name}, compiled from source` : name;
  return [
    ...(need.always ? [{ kind: 'runtime' as const, names: need.always, by: name }] : []),
    ...(need.source && !wheel
      ? [
          { kind: 'build' as const, names: need.source.build, by },
          ...(need.source.runtime ? [{ kind: 'runtime' as const, names: need.source.runtime, by }] : []),
        ]
      : []),
  ];
}

/** Whether a wheel fits; undefined where the lock does not say. */
function hasWheel({ wheels }: Requirement, python: string): boolean | undefined {
  return wheels?.some((file) => wheelFits(file, python));
}

function ofBuilds({ builds, systemPython }: SystemPackagesQuestion): readonly Wanted[] {
  return builds.flatMap((build) => ofBuild(build, systemPython));
}

/** What the steps run themselves, whatever the project is: no guess, so that nothing switches it off. */
function ofOwnSteps({ ssh, systemPython }: SystemPackagesQuestion): readonly Wanted[] {
  const venv = systemPython ? [{ kind: 'build' as const, names: PYTHON_VENV, by: 'the installer' }] : [];
  return [...venv, ...(ssh ? SSH_CLIENT : [])];
}

function ofBuild({ compiled, backend, requires }: BuildFacts, systemPython: boolean): readonly Wanted[] {
  if (!compiled) return [];
  const rust = /maturin|rust/.test([backend, ...requires].join(' '));
  const by = compiled.from;
  return [
    { kind: 'build', names: rust ? RUST : COMPILER, by },
    ...(systemPython ? [{ kind: 'build' as const, names: PYTHON_HEADERS, by }] : []),
  ];
}

/** Each name once, with everything that asked for it; in alphabetical order, so that lists only change when needs do. */
function merge(entries: readonly Sourced<string>[]): readonly Sourced<string>[] {
  const byName = new Map<string, string[]>();
  for (const { value, from } of entries) {
    const known = byName.get(value) ?? [];
    if (!known.includes(from)) byName.set(value, [...known, from]);
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, from]) => ({ value, from: from.join('; ') }));
}

function unavailable(release: Release | undefined): (wanted: Wanted) => Finding {
  return ({ names, by }) => ({
    code: 'system-package-unavailable',
    message: `${by.replace(/,.*/, '')} needs what Debian has as ${names.trixie}; the standard repositories of ${release} do not have it.`,
    hint: 'Add a package source and install it in docker/install-system-packages.sh, or take a Debian base.',
  });
}
