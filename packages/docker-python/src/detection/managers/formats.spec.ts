import { closure } from './closure';
import { neverHolds } from './markers';
import { compareVersions, parseSpecifiers, parseVersion, pinnedVersion, satisfies } from './pep440';
import { parsePep508 } from './pep508';
import { matchesGlob } from './uv-workspace';
import { wheelFits } from './wheels';

describe('PEP 440', () => {
  test('orders the versions of the specification', () => {
    const ordered = ['1.0.dev1', '1.0a1', '1.0b2', '1.0rc1', '1.0', '1.0.post1', '1.0.1', '1.1', '2'].map(
      (text) => parseVersion(text)!,
    );
    for (let i = 1; i < ordered.length; i++)
      expect(compareVersions(ordered[i - 1]!, ordered[i]!)).toBeLessThan(0);
    expect(compareVersions(parseVersion('1.0')!, parseVersion('1.0.0')!)).toBe(0);
  });

  test.each([
    ['>=3.11', '3.11', true],
    ['>3.11', '3.11', false],
    ['~=3.11.2', '3.11.9', true],
    ['~=3.11.2', '3.12', false],
    ['~=3.11', '3.14', true],
    ['==3.12.*', '3.12.7', true],
    ['==3.12', '3.12.7', false],
    ['!=3.12.*', '3.12.7', false],
    ['<3.13,>=3.9', '3.12.999', true],
    ['', '1', true],
    ['<4.0a0', '4.0', false],
  ])('%s, %s: %s', (specifiers, version, expected) =>
    expect(satisfies(parseVersion(version)!, parseSpecifiers(specifiers)!)).toBe(expected),
  );

  test.each(['^3.1', '>=x', '=3', '>= 3 . 1'])('%j is no specifier set', (text) =>
    expect(parseSpecifiers(text)).toBeUndefined(),
  );
  test.each([
    ['==1.2', '1.2'],
    ['== 1.2 ', '1.2'],
    ['==1.*', undefined],
    ['==1,<2', undefined],
    ['>=1', undefined],
    ['===1.0+cpu', '1.0+cpu'],
  ])('%s pins %s', (text, version) => expect(pinnedVersion(text)).toBe(version));
});

describe('PEP 508', () => {
  test.each([
    ['A.b_c', { name: 'a-b-c', extras: [], specifiers: '' }],
    [
      'a[x,y] >=1 ; os_name=="nt"',
      { name: 'a', extras: ['x', 'y'], specifiers: '>=1', marker: 'os_name=="nt"' },
    ],
    ['a@https://h.invalid/a.zip', { name: 'a', extras: [], specifiers: '', url: 'https://h.invalid/a.zip' }],
    ['', undefined],
    ['a b', undefined],
    ['>=1', undefined],
    ['a @', undefined],
  ])('%s', (text, expected) => expect(parsePep508(text)).toEqual(expected));
});

describe('markers', () => {
  test.each([
    ["sys_platform == 'win32'", true],
    ["sys_platform != 'win32'", false],
    ["sys_platform == 'win32' or python_version < '3.9'", false],
    ["sys_platform == 'win32' and python_version < '3.9'", true],
    ["(os_name == 'nt') and (python_version < '3.9' or extra == 'x')", true],
    ["platform_system in 'Darwin Windows'", true],
    ["extra == 'server'", false],
    ["extra == 'test'", true],
    ["'dev' in dependency_groups", true],
    ["'main' in dependency_groups", false],
    ["'main' not in dependency_groups", true],
    ['nonsense (', false],
    [`${'('.repeat(5000)}os_name`, false],
  ])('%s never holds: %s', (marker, never) =>
    expect(neverHolds(marker, { extras: ['server'], groups: ['main'] })).toBe(never),
  );
});

describe('wheels', () => {
  test.each([
    ['a-1-py3-none-any.whl', true],
    ['a-1-py2.py3-none-any.whl', true],
    ['a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', true],
    ['a-1-cp312-cp312-manylinux_2_17_x86_64.whl', false],
    ['a-1-cp39-abi3-manylinux_2_17_x86_64.whl', true],
    ['a-1-cp314-abi3-manylinux_2_17_x86_64.whl', false],
    ['a-1-cp313-cp313t-manylinux_2_17_x86_64.whl', false],
    ['a-1-cp313-cp313-musllinux_1_2_x86_64.whl', false],
    ['a-1-cp313-cp313-macosx_11_0_arm64.whl', false],
    ['a-1-py3-none-manylinux1_x86_64.whl', true],
    ['a-1-py311-none-any.whl', true],
    ['a-1-pp310-pypy310_pp73-manylinux_2_17_x86_64.whl', false],
    ['a-1-2-cp313-cp313-linux_aarch64.whl', true],
    ['a-1.tar.gz', false],
  ])('%s fits 3.13: %s', (file, fits) => expect(wheelFits(file, '3.13')).toBe(fits));
});

describe('globs of uv workspaces', () => {
  test.each([
    ['apps/*', 'apps/api', true],
    ['apps/*', 'apps/a/b', false],
    ['**', 'apps/a/b', true],
    ['apps/**/x?', 'apps/a/b/x1', true],
    ['./libs/core/', 'libs/core', true],
    ['libs/[ab]*', 'libs/core', false],
    ['libs/[!ab]*', 'libs/core', true],
    ['*'.repeat(3000), 'libs', true],
  ])('%s, %s: %s', (glob, path, expected) => expect(matchesGlob(path, glob)).toBe(expected));
});

test('a closure follows extras and ends in cycles', () => {
  const edge = (name: string, extras: string[] = []) => ({ name: name as never, extras });
  const locked = (
    name: string,
    dependencies: string[],
    extras: Record<string, ReturnType<typeof edge>[]> = {},
  ) => ({
    name: name as never,
    hashable: true,
    dependencies: dependencies.map((each) => edge(each)),
    extras,
  });
  const packages = [
    locked('a', ['b']),
    locked('b', ['a'], { x: [edge('c')], constructor: [] }),
    locked('c', []),
    locked('d', []),
  ];
  expect(closure(packages, [edge('a'), edge('b', ['x', 'toString'])]).map(({ name }) => name)).toEqual([
    'a',
    'b',
    'c',
  ]);
});
