import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderSteps } from '../../packages/docker-python/src/render/ci/steps';
import { STEPS, type CiFacts } from '../../packages/docker-python/src/render/ci/types';
import { attempt, run } from '../../tools/shell';

/** What the configurations of these tests are made from. */
export const FACTS: CiFacts = {
  branches: ['main'],
  releaseTags: ['v*'],
  schedule: 'weekly',
  renewal: 'commit',
  setup: { node: { version: '24' }, npm: true, install: ['npm ci'], nx: ['nx-notes'] },
  defaultBranch: 'main',
  registries: ['registry.example.com', 'ghcr.io'],
  sources: ['mirror.example.com'],
  secrets: ['ACME_TOKEN'],
  targets: { build: 'docker-build', smokeTest: 'smoke-test', push: 'push', audit: 'audit' },
  command: 'nx g docker-python:ci',
};
/** The steps, as the generator writes them. */
export const SCRIPT = renderSteps(FACTS).text;

/** Takes notes, fails for what NX_FAILS matches, and changes what the real generators would. */
const NX = `#!/usr/bin/env bash
echo "$*" >> "$NOTES/nx"
echo "\${DOCKER_PYTHON_TAGS-} \${REGISTRY_PASSWORD-}" >> "$NOTES/nx-environment"
echo "\${ACME_TOKEN-none}" >> "$NOTES/nx-secrets"
echo "\${DOCKER_PYTHON_STORE-}" >> "$NOTES/nx-store"
if [ -n "\${NX_FAILS-}" ] && [[ "$*" =~ $NX_FAILS ]]; then exit 1; fi
case "$*" in
  *refresh*) [ -z "\${RENEWED-}" ] || echo "$RENEWED" > docker-python.lock.json ;;
  sync) [ -z "\${MENDED-}" ] || { mkdir -p "$(dirname "$MENDED")"; echo new > "$MENDED"; } ;;
esac
`;
/**
 * With OLD_ENGINE the builder of the engine cannot export. Builders are files, as of buildx; with FASTER_JOB another job
 * makes one between a question for it and the answer to that.
 */
const DOCKER = `#!/usr/bin/env bash
echo "$*" >> "$NOTES/docker"
builder="$NOTES/builder-\${!#}"
case "$*" in
  'buildx inspect')
    if [ -n "\${OLD_ENGINE-}" ] && [ ! -e "$NOTES/current-builder" ]; then echo 'Driver:   docker'
    else echo 'Driver:   docker-container'; fi ;;
  'buildx inspect --bootstrap'*) [ -z "\${NO_START-}" ] || exit 1 ;;
  'buildx inspect'*)
    [ -e "$builder" ] || { [ -z "\${FASTER_JOB-}" ] || touch "$builder"; exit 1; } ;;
  'buildx create --name docker-python'*)
    builder="$NOTES/builder-docker-python"
    if [ -e "$builder" ] || [ -n "\${NO_BUILDER-}" ]; then exit 1; fi
    touch "$builder"
    [[ "$*" != *--use* ]] || echo docker-python > "$NOTES/current-builder" ;;
  'buildx use'*) [ -e "$builder" ] && echo "$3" > "$NOTES/current-builder" ;;
  login*) echo "stdin: $(cat)" >> "$NOTES/docker" ;;
esac
`;
const NPM = '#!/usr/bin/env bash\necho "$*" >> "$NOTES/npm"\n';
const GH = '#!/usr/bin/env bash\necho "$*" >> "$NOTES/gh"\n';

/** A repository with the steps in it, and programs that only take notes: Nx, Docker, npm, gh. */
export interface CiRepository {
  /** Of the bare repository. */
  readonly origin: string;
  clone(name: string, options?: readonly string[]): Promise<Clone>;
  /** What a program was called with, a line for each time. */
  noted(program: string): readonly string[];
  /** For whatever is run instead of a CI system. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** A checkout of it. */
export interface Clone {
  readonly root: string;
  git(...argv: string[]): Promise<string>;
  write(path: string, text: string): void;
  /** @returns the commit */
  commit(message: string): Promise<string>;
  steps(
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly ok: boolean; readonly output: string }>;
}

/** What a CI job has of its own: nothing of the machine that these tests run on. */
const CLEAN = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(GITHUB_|CI_|CIRCLE|GITLAB_|DOCKER_PYTHON_|REGISTRY_|GIT_)/.test(name))
    .map((name) => [name, '']),
);

/** Has each test of a file find one of its own. */
export function eachWithCiRepository(): Pick<CiRepository, 'clone' | 'noted'> & {
  /** Of this test. */
  current(): CiRepository;
} {
  let repository: CiRepository;
  beforeEach(async () => void (repository = await createCiRepository()));
  afterEach(() => repository.remove());
  return {
    current: () => repository,
    clone: (name, options) => repository.clone(name, options),
    noted: (program) => repository.noted(program),
  };
}

/** Makes one, with one commit on main. */
async function createCiRepository(): Promise<CiRepository> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-steps-'));
  const notes = join(folder, 'notes');
  const origin = join(folder, 'origin.git');
  const environment = { ...CLEAN, NOTES: notes, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  mkdirSync(notes);
  for (const [name, text] of Object.entries({ 'nx-notes': NX, docker: DOCKER, gh: GH, npm: NPM })) {
    write(join(folder, 'bin', name), text);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
  const repository: CiRepository = {
    origin,
    environment,
    clone: (name, options = []) => cloneInto(join(folder, name), origin, options, environment),
    noted(program) {
      const path = join(notes, program);
      return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  const first = await repository.clone('first');
  first.write(STEPS, SCRIPT);
  first.write('.gitignore', '.nx\n.gitlab-ci-local\n');
  await first.commit('one');
  await first.git('push', '--quiet', 'origin', 'HEAD:main');
  return repository;
}

async function cloneInto(
  root: string,
  origin: string,
  options: readonly string[],
  environment: CiRepository['environment'],
): Promise<Clone> {
  // By its protocol, since a clone of a path ignores --depth.
  await run('git', ['clone', '--quiet', ...options, `file://${origin}`, root]);
  const git = async (...argv: string[]): Promise<string> =>
    (
      await run('git', ['-C', root, '-c', 'user.name=dev', '-c', 'user.email=dev@example.com', ...argv])
    ).trim();
  return {
    root,
    git,
    write: (path, text) => write(join(root, path), text),
    async commit(message) {
      write(join(root, 'history', message), message);
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    steps: (argv, env = {}) =>
      attempt('bash', [STEPS, ...argv], { cwd: root, env: { ...environment, ...env } }),
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @returns what it printed */
export async function succeeds(work: ReturnType<Clone['steps']>): Promise<string> {
  const { ok, output } = await work;
  if (!ok) throw new Error(output);
  return output;
}

/** What is done with a change. */
export const VERIFY = 'docker-build,smoke-test';
/** The call of Nx for what differs between two commits. */
export const affected = (targets: string, base: string, head: string): string =>
  `affected --targets=${targets} --base=${base} --head=${head} --batch --output-style=static`;
/** The call of Nx for all projects. */
export const everything = (targets: string): string =>
  `run-many --targets=${targets} --batch --output-style=static`;
