import type { Requirement } from '../types';

/**
 * Whether a wheel installs on CPython of a minor release, on glibc Linux of any machine type.
 * Source: "Platform compatibility tags" of the packaging specifications (PEP 425, PEP 600).
 *
 * @param file `name-version(-build)-python-abi-platform.whl`
 * @param minor `3.13`
 */
export function wheelFits(file: string, minor: string): boolean {
  const parts = file.replace(/\.whl$/, '').split('-');
  if (parts.length < 5 || !file.endsWith('.whl')) return false;
  const [python, abi, platform] = parts.slice(-3) as [string, string, string];
  if (!platform.split('.').some((tag) => tag === 'any' || /^(?:many)?linux/.test(tag))) return false;
  const wanted = Number(minor.split('.')[1]);
  const abis = abi.split('.');
  return python.split('.').some((tag) => {
    const [, implementation, version] = /^(py|cp)3(\d*)$/.exec(tag) ?? [];
    if (implementation === undefined) return false;
    const at = version === '' ? 0 : Number(version);
    if (implementation === 'py' || abis.includes('abi3'))
      return at <= wanted && (implementation === 'cp' || abis.includes('none'));
    return at === wanted && (abis.includes('none') || abis.includes(`cp3${wanted}`));
  });
}

/**
 * The packages that have wheels, but none for a release, although they have one for another that is considered.
 * Where a lock holds several versions of a package for different Pythons, one of them has to fit.
 */
export function withoutWheel(
  requirements: readonly Requirement[],
  minor: string,
  considered: readonly string[],
): readonly Requirement[] {
  const byName = new Map<string, { first: Requirement; wheels: string[]; opaque: boolean }>();
  for (const requirement of requirements) {
    const known = byName.get(requirement.name) ?? { first: requirement, wheels: [], opaque: false };
    known.wheels.push(...(requirement.wheels ?? []));
    // a source distribution, or a wheel for everything: no release is better than another
    known.opaque ||= !requirement.wheels?.length || requirement.wheels.some(isUniversal);
    byName.set(requirement.name, known);
  }
  return [...byName.values()]
    .filter(({ opaque, wheels }) => !opaque && !wheels.some((file) => wheelFits(file, minor)))
    .filter(({ wheels }) => considered.some((other) => wheels.some((file) => wheelFits(file, other))))
    .map(({ first }) => first);
}

function isUniversal(file: string): boolean {
  return /-(?:py2\.)?py3-none-any\.whl$/.test(file);
}
