import { DockerPythonError } from '../errors';
import {
  type Bound,
  dockerfilePython,
  type Pin,
  pythonBounds,
  pythonPins,
  toMinor,
} from './managers/python-evidence';
import { allows } from './managers/python-range';
import type { ManagerQuestion } from './managers/types';
import { withoutWheel } from './managers/wheels';
import type { DependencyFacts, Finding, Requirement, Sourced } from './types';

/** Releases of CPython that get fixes, newest first. Source: the Python Developer's Guide, "Status of Python versions". */
export const SUPPORTED_PYTHONS: readonly string[] = ['3.14', '3.13', '3.12', '3.11'];

/** Past the end of life, newest first: allowed with a finding, chosen only where nothing newer will do. */
const DEAD_PYTHONS: readonly string[] = ['3.10', '3.9', '3.8', '3.7', '3.6'];

/** Where a project says nothing at all: the newest release for which all major wheels exist, old pins included. */
const DEFAULT_PYTHON = '3.13';

export interface PythonFacts {
  readonly python: Sourced<string>;
  readonly findings: readonly Finding[];
}

/**
 * Which Python a project runs on: the setting, else a file that names one, else what a hand-written Dockerfile uses
 * if the manifests allow it, else the newest supported release that they allow and for which locked packages have
 * wheels, else a default.
 *
 * @throws DockerPythonError CONFLICTING_PYTHON where two files contradict each other, UNSUPPORTED_PYTHON where no
 *   release fits
 */
export function detectPython(
  question: ManagerQuestion,
  facts: Pick<DependencyFacts, 'lock' | 'requirements' | 'shared'>,
  override?: Sourced<string>,
): PythonFacts {
  const bounds = pythonBounds(question, facts);
  const pins = override ? [overridePin(override)] : pythonPins(question);
  const [pin, ...others] = pins;
  const contradiction = pin && others.find(({ minor }) => minor !== pin.minor);
  if (contradiction)
    throw conflict(`${pin.from} says ${pin.minor}`, `${contradiction.from} says ${contradiction.minor}`);
  const chosen = pin ? checked(pin, bounds) : choose(question, facts, bounds);
  return { python: chosen, findings: [...endOfLife(chosen), ...patchFindings(chosen.value, bounds)] };
}

function overridePin({ value, from }: Sourced<string>): Pin {
  const minor = toMinor(value);
  if (minor !== undefined) return { minor, from };
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"${value}" (${from}) is not a version of Python.`,
    hint: `Set "python" to a minor release, for example "${DEFAULT_PYTHON}".`,
  });
}

function checked({ minor, from }: Pin, bounds: readonly Bound[]): Sourced<string> {
  const against = bounds.find(({ range }) => allows(range, minor) === 'no');
  if (against) throw conflict(`${from} says ${minor}`, `${against.from} says ${against.text}`);
  if (!/^3\.\d+$/.test(minor) || Number(minor.slice(2)) < 6) {
    throw new DockerPythonError({
      code: 'UNSUPPORTED_PYTHON',
      message: `${from} says Python ${minor}, for which there are no images that could be built today.`,
      hint: `Port the project to a supported release: ${SUPPORTED_PYTHONS.join(', ')}.`,
    });
  }
  return { value: minor, from };
}

/** Nothing names one Python: decide by the bounds, the wheels, and what a Dockerfile uses. */
function choose(
  question: ManagerQuestion,
  facts: Pick<DependencyFacts, 'requirements'>,
  bounds: readonly Bound[],
): Sourced<string> {
  const fits = (minor: string, least: 'yes' | 'at other patches'): boolean =>
    bounds.every(({ range }) => [least, 'yes'].includes(allows(range, minor)));
  const tiers = (['yes', 'at other patches'] as const).flatMap((least) =>
    [SUPPORTED_PYTHONS, DEAD_PYTHONS].map((releases) => ({ releases, least })),
  );
  const tier = tiers.find(({ releases, least }) => releases.some((minor) => fits(minor, least)));
  if (!tier) throw nothingFits(bounds);
  const dockerfile = dockerfilePython(question);
  if (
    dockerfile &&
    (bounds.length === 0 || (tier.releases.includes(dockerfile.minor) && fits(dockerfile.minor, tier.least)))
  )
    return checked(dockerfile, bounds);
  // Releases past their end come last: for a lock so old that its packages have wheels for nothing newer.
  const candidates = [...tier.releases, ...DEAD_PYTHONS].filter((minor) => fits(minor, tier.least));
  if (bounds.length > 0) return stepDown([...new Set(candidates)], facts, saidBy(bounds));
  const usual = candidates.filter((minor) => Number(minor.slice(2)) <= Number(DEFAULT_PYTHON.slice(2)));
  return stepDown(usual, facts, 'no file says it; the default');
}

/** The declarations that decided; one that only repeats another is not named. */
function saidBy(bounds: readonly Bound[]): string {
  const distinct = bounds.filter(({ text }, at) => bounds.findIndex((other) => other.text === text) === at);
  return distinct.map(({ from }) => from).join(' and ');
}

function stepDown(
  candidates: readonly string[],
  { requirements }: Pick<DependencyFacts, 'requirements'>,
  from: string,
): Sourced<string> {
  const lacking = (minor: string): Requirement | undefined =>
    withoutWheel(requirements, minor, candidates)[0];
  const at = candidates.findIndex((minor) => lacking(minor) === undefined);
  if (at <= 0) return { value: candidates[0]!, from };
  const { name, version = '' } = lacking(candidates[at - 1]!)!;
  return {
    value: candidates[at]!,
    from: `${from}; ${name} ${version} has no wheel for ${candidates[at - 1]}`,
  };
}

function conflict(one: string, other: string): DockerPythonError {
  return new DockerPythonError({
    code: 'CONFLICTING_PYTHON',
    message: `${one}, but ${other}.`,
    hint: 'Make them agree, or set "python" in docker-python.json to a version that both allow.',
  });
}

function nothingFits(bounds: readonly Bound[]): DockerPythonError {
  const said = bounds.map(({ from, text }) => `${from} says ${text}`).join(', ');
  return new DockerPythonError({
    code: bounds.length > 1 ? 'CONFLICTING_PYTHON' : 'UNSUPPORTED_PYTHON',
    message: `No known release of Python fits: ${said}.`,
    hint: `Allow one of ${SUPPORTED_PYTHONS.join(', ')}, or set "python" in docker-python.json to the release that you mean.`,
  });
}

function endOfLife({ value, from }: Sourced<string>): readonly Finding[] {
  if (!DEAD_PYTHONS.includes(value)) return [];
  return [
    {
      code: 'python-end-of-life',
      message: `Python ${value} (${from}) gets no security fixes any more.`,
      hint: `Move to a supported release: ${SUPPORTED_PYTHONS.join(', ')}.`,
    },
  ];
}

function patchFindings(minor: string, bounds: readonly Bound[]): readonly Finding[] {
  return bounds
    .filter(({ range }) => allows(range, minor) === 'at other patches')
    .map(({ from, text }) => ({
      code: 'python-patch',
      message: `${from} says ${text}, but images get the newest patch release of Python ${minor}.`,
      hint: `Allow all of ${minor}: ">=${minor},<3.${Number(minor.slice(2)) + 1}".`,
    }));
}
