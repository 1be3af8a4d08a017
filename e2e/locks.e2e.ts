import { PLACEHOLDER_INDEX, filesOf, fixtures, rootOf } from '../packages/docker-python/fixtures/corpus';
import { NEWEST } from '../tools/workspace/nx-versions';
import { recordRow } from '../tools/checklist/results';
import { removeImages } from './harness/docker';
import { realIndex } from './harness/real-index';
import { saidOf } from './harness/said-of';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

/** How a fixture's manifest gets ahead of its lock: file, what stands in it, and one dependency more. */
const STALE: Readonly<Record<string, readonly [file: string, text: string, more: string]>> = {
  'uv-job': ['pyproject.toml', '"humanize>=4.9"', '"humanize>=4.9", "idna"'],
  'poetry-flask-group': ['pyproject.toml', '"flask (>=3.1,<4.0)"', '"flask (>=3.1,<4.0)", "idna"'],
  'poetry-django-legacy': ['pyproject.toml', 'daphne = "^4.1"', 'daphne = "^4.1"\nidna = "*"'],
  'pdm-fastapi-task': ['pyproject.toml', '"fastapi>=0.115"', '"fastapi>=0.115", "idna"'],
  'pipenv-flask-procfile': ['Pipfile', 'gunicorn = "*"', 'gunicorn = "*"\nidna = "*"'],
};

/** A package of a fixture, and the file with its hashes. */
const TAMPERED: Readonly<Record<string, readonly [file: string, name: string]>> = {
  'uv-job': ['uv.lock', 'humanize'],
  'poetry-flask-group': ['poetry.lock', 'blinker'],
  'pdm-fastapi-task': ['pdm.lock', 'click'],
  'pipenv-flask-procfile': ['Pipfile.lock', 'blinker'],
  'pip-flask-piptools': ['requirements.txt', 'blinker'],
  'pylock-falcon': ['pylock.toml', 'gunicorn'],
};

/** The text with wrong hashes for one package: of all formats the ones between its name and the next package. */
function tamper(text: string, name: string): string {
  const start = text.search(new RegExp(`^(name = "${name}"|${name}==|[ \\t]+"${name}": \\{)`, 'm'));
  const next = text.indexOf('\n', start) + 1;
  const length = text.slice(next).search(/^(\[\[packages?\]\]|\S+==|[ \t]+\},)/m);
  const end = length === -1 ? text.length : next + length;
  const wrong = text.slice(start, end).replace(/\b[0-9a-f]{64}\b/g, (hash) => [...hash].reverse().join(''));
  if (wrong === text.slice(start, end)) throw new Error(`found no hash of ${name}`);
  return text.slice(0, start) + wrong + text.slice(end);
}

/** Every manager that locks, with a lock that must not be used: built by one command, two at a time. */
describe('a lock that cannot be trusted', () => {
  const corpus = new Map(fixtures().map((fixture) => [fixture.name, fixture]));
  let workspace: Workspace;
  let output = '';

  beforeAll(async () => {
    await removeImages('e2e-lock-*');
    const index = await realIndex();
    const files: Record<string, string> = {};
    const add = (fixture: string, kind: string, file: string, change: (text: string) => string): void => {
      const root = rootOf(corpus.get(fixture)!);
      for (const [path, text] of Object.entries(filesOf(corpus.get(fixture)!))) {
        const changed = path === `${root}/${file}` ? change(text) : text;
        files[path.replace(root, `${root}-${kind}`)] = changed.replaceAll(PLACEHOLDER_INDEX, index);
      }
      files[`${root}-${kind}/project.json`] = JSON.stringify({ name: `e2e-lock-${fixture}-${kind}` });
      files[`${root}-${kind}/docker-python.json`] = '{ "version": 1 }\n';
    };
    for (const [fixture, [file, text, more]] of Object.entries(STALE)) {
      add(fixture, 'stale', file, (old) => old.replace(text, more));
    }
    for (const [fixture, [file, name]] of Object.entries(TAMPERED)) {
      add(fixture, 'tampered', file, (old) => tamper(old, name));
    }
    workspace = await createWorkspace(NEWEST, files);
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    const many = ['run-many', '--target=docker-build', '--parallel=2', '--outputStyle=static'];
    output = await workspace.failsNx(...many);
  }, 10 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-lock-*');
  }, MINUTES);

  it.each(Object.keys(STALE))('%s: ahead of its lock, fails before anything is installed', (fixture) => {
    const said = saidOf(`e2e-lock-${fixture}-stale`, output);
    const problem = said.includes('LOCK_OUT_OF_DATE: ') ? '' : 'it is not refused';
    recordRow({ row: 23, property: 'a lock behind its manifest fails', image: fixture, problem });
    expect(said).toContain('LOCK_OUT_OF_DATE: ');
    expect(said).toContain('What to do: Lock again');
    expect(said).not.toMatch(/^#\d+ \[dependencies .*RUN/m);
  });

  it.each(Object.entries(TAMPERED))('%s: a wrong hash fails, with the name', (fixture, [, name]) => {
    const said = saidOf(`e2e-lock-${fixture}-tampered`, output);
    const problem = /BUILD_FAILED: .*does not have the hash/.test(said) ? '' : 'it is not refused';
    recordRow({ row: 24, property: 'a tampered hash fails', image: fixture, problem });
    expect(said).toMatch(new RegExp(`hash mismatch for \`?${name}`, 'i'));
    expect(said).toMatch(new RegExp(`BUILD_FAILED: ${name}\\S* does not have the hash`, 'i'));
    expect(said).toContain('What to do: Find out why before anything else');
  });
});
