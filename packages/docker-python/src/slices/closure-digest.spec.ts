import fc from 'fast-check';
import { memoryFiles } from '../detection/files';
import { type GeneratedPackage, pinned, uvWorkspace } from '../testing/uv-workspaces';
import { closureDigest } from './closure-digest';

const digest = (files: Record<string, string>, root = 'apps/a'): string =>
  closureDigest(memoryFiles(files), pinned(files, root));

/** Markers, and whether a Linux image with Python 3.13 may install what stands behind them. */
const MARKERS: readonly (readonly [marker: string | undefined, counts: boolean])[] = [
  [undefined, true],
  ["sys_platform == 'win32'", false],
  ["sys_platform == 'linux'", true],
  ["python_full_version < '3.12'", false],
  ["python_version >= '3.12'", true],
  ["platform_machine == 'x86_64'", true],
];
const PACKAGES = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'];
const LIBRARIES = ['l0', 'l1', 'l2'];
const SERVICES = ['a', 'b'];

interface Edge {
  readonly to: string;
  readonly kind: number;
}
type Model = Readonly<Record<string, readonly Edge[]>>;

/** Who needs whom: services and libraries need libraries (in circles, too) and packages; packages need packages. */
const models: fc.Arbitrary<Model> = fc.record(
  Object.fromEntries(
    [...SERVICES, ...LIBRARIES, ...PACKAGES].map((name) => {
      const targets = PACKAGES.includes(name) ? PACKAGES : [...LIBRARIES, ...PACKAGES];
      const edge = fc.record({ to: fc.constantFrom(...targets), kind: fc.nat(MARKERS.length - 1) });
      return [name, fc.uniqueArray(edge, { maxLength: 3, selector: ({ to }) => to })];
    }),
  ),
);

function toPackages(
  model: Model,
  versions: Readonly<Record<string, string>> = {},
): readonly GeneratedPackage[] {
  return Object.entries(model).map(([name, edges]) => ({
    name,
    version: versions[name] ?? '1.0',
    ...(SERVICES.includes(name) ? { folder: `apps/${name}` } : {}),
    ...(LIBRARIES.includes(name) ? { folder: `libs/${name}` } : {}),
    needs: edges.map(({ to, kind }) => {
      const marker = MARKERS[kind]![0];
      return { name: to, ...(marker === undefined ? {} : { marker }) };
    }),
  }));
}

/** What the image of a service installs, by another way than the code under test. */
function installs(model: Model, service: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const { to, kind } of model[name]!) {
      if (!MARKERS[kind]![1] || found.has(to)) continue;
      found.add(to);
      visit(to);
    }
  };
  visit(service);
  return found;
}

describe('the digest of a closure', () => {
  it('changes with the version of a package if and only if the image installs it', () => {
    fc.assert(
      fc.property(
        models,
        fc.constantFrom(...PACKAGES),
        fc.constantFrom(...SERVICES),
        (model, name, service) => {
          const root = `apps/${service}`;
          const before = digest(uvWorkspace(toPackages(model)), root);
          const after = digest(uvWorkspace(toPackages(model, { [name]: '2.0' })), root);
          expect(after !== before).toBe(installs(model, service).has(name));
        },
      ),
    );
  });

  it('does not depend on the order of packages and needs, nor on versions of the libraries', () => {
    fc.assert(
      fc.property(models, fc.infiniteStream(fc.nat(7)), (model, keys) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, key: keys.next().value as number }))
            .sort((x, y) => x.key - y.key)
            .map(({ item }) => item);
        const packages = toPackages(model);
        const other = shuffled(toPackages(model, { l0: '7', l1: '8', a: '9' })).map((entry) => ({
          ...entry,
          needs: shuffled(entry.needs),
        }));
        expect(digest(uvWorkspace(other))).toBe(digest(uvWorkspace(packages)));
      }),
    );
  });

  const service = (...needs: string[]): GeneratedPackage => ({
    name: 'a',
    version: '1',
    folder: 'apps/a',
    needs: needs.map((name) => ({ name })),
  });
  const library = (name: string, ...needs: string[]): GeneratedPackage => ({
    ...service(...needs),
    name,
    folder: `libs/${name}`,
  });
  const wheel = (name: string, ...needs: GeneratedPackage['needs']): GeneratedPackage => ({
    name,
    version: '1',
    needs,
  });
  const base = uvWorkspace([service('p'), wheel('p')]);

  it.each<[string, Record<string, string>]>([
    ['the range of Pythons of the whole lock', { 'uv.lock': base['uv.lock']!.replace('>=3.11', '>=3.12') }],
    [
      'a fork that another member needs',
      uvWorkspace([service('p'), wheel('p')], `resolution-markers = ["python_version < '4'"]`),
    ],
    ['a package that nobody needs', uvWorkspace([service('p'), wheel('p'), wheel('q')])],
    ['a need that moves into a library', uvWorkspace([service('l'), library('l', 'p'), wheel('p')])],
    [
      'a condition that always holds here',
      uvWorkspace([{ ...service(), needs: [{ name: 'p', marker: "os_name == 'posix'" }] }, wheel('p')]),
    ],
    [
      'another index with the same files',
      { 'uv.lock': base['uv.lock']!.replaceAll('//index.invalid', '//mirror.invalid') },
    ],
  ])('is the same with %s', (_, changes) => {
    expect(digest({ ...base, ...changes })).toBe(digest(base));
  });

  it.each<[string, Record<string, string>]>([
    ['the hash of a file', { 'uv.lock': base['uv.lock']!.replace(/sha256:../, 'sha256:ff') }],
    [
      'a source that is a repository',
      {
        'uv.lock': base['uv.lock']!.replace(
          '{ registry = "https://index.invalid/simple" }',
          '{ git = "https://git.invalid/p?rev=1#2" }',
        ),
      },
    ],
    [
      'a condition that is open',
      uvWorkspace([
        { ...service(), needs: [{ name: 'p', marker: "platform_machine == 'x86_64'" }] },
        wheel('p'),
      ]),
    ],
    ['a package more', uvWorkspace([service('p'), wheel('p', { name: 'q' }), wheel('q')])],
    [
      'a Python for which more is installed',
      {
        ...uvWorkspace([
          { ...service('p'), needs: [{ name: 'p' }, { name: 'q', marker: "python_version < '3.12'" }] },
          wheel('p'),
          wheel('q'),
        ]),
        '.python-version': '3.11\n',
      },
    ],
  ])('is another with %s', (_, changes) => {
    expect(digest({ ...base, ...changes })).not.toBe(digest(base));
  });

  it('is the same for another Python that installs the same', () => {
    expect(digest({ ...base, '.python-version': '3.12\n' })).toBe(digest(base));
  });

  it('follows extras of libraries', () => {
    const lock = (version: string): string =>
      uvWorkspace([service(), library('l'), wheel('p')])
        ['uv.lock']!.replace('dependencies = []', 'dependencies = [{ name = "l", extra = ["x"] }]')
        .replace(
          '[package.metadata]\nrequires-dist = []\n[[package]]\nname = "p"',
          '[package.optional-dependencies]\nx = [{ name = "p" }]\n[package.metadata]\nrequires-dist = []\n[[package]]\nname = "p"',
        )
        .replace('name = "p"\nversion = "1"', `name = "p"\nversion = "${version}"`);
    const files = uvWorkspace([service(), library('l'), wheel('p')]);
    expect(lock('2')).toContain('x = [{ name = "p" }]\n[package.metadata]');
    expect(digest({ ...files, 'uv.lock': lock('2') })).not.toBe(digest({ ...files, 'uv.lock': lock('1') }));
  });
});
