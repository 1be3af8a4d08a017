import { memoryFiles } from '../../detection/files';
import type { EngineFacts } from '../../engine/types';
import { designImage } from '../../pipeline/design-image';
import { unreproducible } from './reproducibility';

const PINNED = `python:3.13-slim-trixie@sha256:${'0'.repeat(64)}`;
const HASHED = `flask==3.1.1 --hash=sha256:${'1'.repeat(64)}\n`;

const ENGINE: EngineFacts = {
  version: '28.5.2',
  platform: 'linux/amd64',
  platforms: ['linux/amd64'],
  driver: 'docker',
  containerdStore: true,
};

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly base?: string;
  readonly engine?: Partial<EngineFacts>;
}

function codes({ files = { 'requirements.txt': HASHED }, base = PINNED, engine }: Case): string[] {
  const design = designImage({
    files: memoryFiles({
      'apps/api/main.py': 'print(1)\n',
      'apps/api/docker-python.json': JSON.stringify({ version: 1, base, command: 'python main.py' }),
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`apps/api/${path}`, text])),
    }),
    root: 'apps/api',
    otherRoots: ['apps/api'],
  });
  return unreproducible(design, engine && { ...ENGINE, ...engine }).map(({ code }) => code);
}

it.each<[what: string, row: Case, ...expected: string[]]>([
  ['all is pinned', {}],
  ['the engine answers', { engine: {} }],
  ['the base is a tag', { base: 'python:{python}-slim-trixie' }, 'BASE_IS_A_TAG'],
  ['nothing is locked', { files: { 'requirements.txt': 'flask\n' } }, 'VERSIONS_CHOSEN_BY_BUILD'],
  ['pins have no hashes', { files: { 'requirements.txt': 'flask==3.1.1\n' } }, 'VERSIONS_CHOSEN_BY_BUILD'],
  [
    'something comes from a repository',
    { files: { 'requirements.txt': `${HASHED}x @ git+https://example.com/x.git@main\n` } },
    'NO_HASHES',
  ],
  [
    'scripts of the user run in the build',
    { files: { 'requirements.txt': HASHED, 'docker/build-code.sh': '#!/bin/sh\ntrue\n' } },
    'OWN_SCRIPTS',
  ],
  [
    'a script installs the dependencies',
    { files: { 'requirements.txt': 'flask\n', 'docker/install-dependencies.sh': '#!/bin/sh\ntrue\n' } },
    'OWN_SCRIPTS',
  ],
  [
    "only the entry point is the user's",
    { files: { 'requirements.txt': HASHED, 'docker/entrypoint.sh': '#!/bin/sh\nexec "$@"\n' } },
  ],
  ['the builder is another one', { engine: { driver: 'docker-container' } }, 'ANOTHER_DRIVER'],
  ['the engine has the old store', { engine: { containerdStore: false } }, 'DIGEST_MADE_BY_PUSH'],
])('when %s', (_what, row, ...expected) => {
  expect(codes(row)).toEqual(
    expected[0] === 'BASE_IS_A_TAG' ? [...expected, 'SYSTEM_UPDATES'] : ['SYSTEM_UPDATES', ...expected],
  );
});

it('names what is compiled', () => {
  const sdist = {
    name: 'slow',
    version: '1',
    sdist: { url: 'https://index.invalid/slow-1.tar.gz', hash: 'sha256:1' },
  };
  const lock = [
    'version = 1\nrevision = 3\nrequires-python = ">=3.13"\n',
    `[[package]]\nname = "api"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "${sdist.name}" }]\n`,
    `[[package]]\nname = "slow"\nversion = "1"\nsource = { registry = "https://index.invalid/simple" }\nsdist = { url = "${sdist.sdist.url}", hash = "${sdist.sdist.hash}" }\n`,
  ].join('\n');
  const pyproject =
    '[project]\nname = "api"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["slow"]\n';
  expect(codes({ files: { 'uv.lock': lock, 'pyproject.toml': pyproject } })).toEqual([
    'SYSTEM_UPDATES',
    'COMPILED_BY_BUILD',
  ]);
});
