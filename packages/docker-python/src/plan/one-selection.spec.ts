import fc from 'fast-check';
import picomatch from 'picomatch';
import { renderDockerignore } from '../render/dockerignore';
import {
  contextMatcher,
  nxInputs,
  selectContext,
  type ContextQuestion,
  type ContextSelection,
} from './context';
import { isBelow } from './paths';
import { dockerignoreRules } from './dockerignore';

/** Folders and files that the default exclusions, the settings below and nothing at all know. */
const folder = fc.constantFrom(
  'apps',
  'api',
  'other',
  'src',
  'tests',
  'docs',
  '.env',
  'a',
  'README',
  'Dockerfiles',
  'config',
);
const file = fc.constantFrom(
  'a.py',
  'b.py',
  'README.md',
  'Dockerfile',
  'test_a.py',
  'x.ipynb',
  'uv.lock',
  'package.json',
  '.env.local',
);
const path = fc
  .tuple(fc.array(folder, { maxLength: 4 }), file)
  .map(([folders, name]) => [...folders, name].join('/'));
const root = fc.constantFrom('.', 'apps', 'apps/api', 'a');
const piece = fc.constantFrom('*', '**', '?', 'a', 'src', 'docs', 'b.py', '*.py', 'test_*', 'apps', 'config');
const pattern = fc
  .tuple(
    fc.constantFrom('', '{workspaceRoot}/', '{projectRoot}/', '/', './'),
    fc.array(piece, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '/', '/**'),
  )
  .map(([anchor, pieces, end]) => anchor + pieces.join('/') + end)
  // That something is a folder and not a file is taken at its word.
  .map((text) => text.replace(/b\.py(\/\*\*)+\/?$/, 'b.py'));

const question: fc.Arbitrary<ContextQuestion> = fc.record({
  root,
  manifests: fc.array(path, { maxLength: 2 }),
  libraries: fc.array(
    fc.array(folder, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('/')),
    { maxLength: 2 },
  ),
  otherRoots: fc.array(
    fc.array(folder, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
    { maxLength: 3 },
  ),
  artifacts: fc.array(path, { maxLength: 1 }),
  include: fc.array(pattern, { maxLength: 2 }),
  exclude: fc.array(fc.oneof(pattern, fc.constantFrom('!docs/**', '!**/tests/**')), { maxLength: 3 }),
});

/** What Nx hashes for these inputs: any positive pattern, no negative one. */
function nxHashes(inputs: readonly string[], projectRoot: string): (file: string) => boolean {
  const plain = inputs.map((input) =>
    input
      .replace('{workspaceRoot}/', '')
      .replace('{projectRoot}/', projectRoot === '.' ? '' : `${projectRoot}/`),
  );
  const matching = (patterns: string[]): ((file: string) => boolean) => picomatch(patterns, { dot: true });
  const positive = matching(plain.filter((input) => !input.startsWith('!')));
  const negative = matching(plain.filter((input) => input.startsWith('!')).map((input) => input.slice(1)));
  return (file) => positive(file) && !negative(file);
}

const sentBy = (selection: ContextSelection): ((file: string) => boolean) =>
  dockerignoreRules(renderDockerignore(selection, [])).sends;

const files = fc.array(path, { minLength: 20, maxLength: 20 });

describe('one selection of files', () => {
  it('is the same for the matcher and for the engine', () => {
    fc.assert(
      fc.property(question, files, (asked, paths) => {
        const selection = selectContext(asked);
        expect(paths.filter(contextMatcher(selection))).toEqual(paths.filter(sentBy(selection)));
      }),
      { numRuns: 150 },
    );
  });

  it('is hashed by Nx with everything that is sent', () => {
    fc.assert(
      fc.property(question, files, (asked, paths) => {
        const selection = selectContext(asked);
        const hashes = nxHashes(nxInputs(selection, asked.root, []), asked.root);
        // Artifacts are hashed as outputs of their targets.
        const made = (name: string): boolean => selection.artifacts.some((from) => isBelow(name, from));
        const sent = paths.filter(sentBy(selection));
        expect(sent.filter((name) => !hashes(name) && !made(name))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is hashed by Nx with nothing else of the project', () => {
    // Folders that are called like files, and patterns that reach into the project from outside, cost a hash at worst.
    const likeFile = /(\.env|README|Dockerfiles)\//;
    const own = question.filter(({ exclude }) => !exclude.some((p) => p.startsWith('{workspaceRoot}/*')));
    fc.assert(
      fc.property(own, files, (asked, paths) => {
        const selection = selectContext(asked);
        const hashed = paths.filter(nxHashes(nxInputs(selection, asked.root, []), asked.root));
        const ordinary = hashed.filter((name) => isBelow(name, asked.root) && !likeFile.test(name));
        const sent = sentBy(selection);
        expect(ordinary.filter((name) => !sent(name))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('always has the manifests, which the lock stage mounts', () => {
    const manifest = fc.constantFrom(
      'requirements.txt',
      'requirements-dev.txt',
      'docs/r.txt',
      'tests/r.txt',
      'build/r.txt',
      'requirements.in',
    );
    fc.assert(
      fc.property(root, fc.array(manifest), (projectRoot, names) => {
        const manifests = names.map((name) => (projectRoot === '.' ? name : `${projectRoot}/${name}`));
        const selection = selectContext({
          root: projectRoot,
          manifests,
          otherRoots: [],
          include: [],
          exclude: [],
        });
        expect(manifests.filter((file) => !sentBy(selection)(file))).toEqual([]);
      }),
    );
  });
});
