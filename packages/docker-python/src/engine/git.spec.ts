import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { recordingRunner } from '../testing/recording-engine';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { gitCheckout, gitFacts, uncommittedFiles } from './git';
import { processRunner } from './process';

const git = (folder: string, ...argv: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...argv], {
    encoding: 'utf8',
    stdio: 'pipe',
  });

describe('what git says', () => {
  const root = tempFolder();
  writeFiles(root, {
    'apps/api/app.py': '',
    'apps/api/run.sh*': '',
    'apps/api/ä b.py': '',
    'apps/other/x*': '',
    'apps/api/new.sh*': '',
  });
  git(root, 'init', '-q');
  git(root, 'add', 'apps/api/app.py', 'apps/api/run.sh', 'apps/api/ä b.py', 'apps/other');
  git(root, 'commit', '-q', '-m', 'x');
  chmodSync(join(root, 'apps/api/run.sh'), 0o644);
  chmodSync(join(root, 'apps/api/app.py'), 0o755);

  it('knows tracked files of the asked folders and their modes from the index, not from the disk', async () => {
    const facts = await gitFacts(root, ['apps/api']);
    expect([...facts.tracked].sort()).toEqual(['apps/api/app.py', 'apps/api/run.sh', 'apps/api/ä b.py']);
    expect([...facts.executables]).toEqual(['apps/api/run.sh']);
    expect(facts.revision).toBe(git(root, 'rev-parse', 'HEAD').trim());
    expect('source' in facts).toBe(false);
  });

  it('gives paths relative to a workspace that is a folder of the repository', async () => {
    expect([...(await gitFacts(join(root, 'apps'), ['api/app.py'])).tracked]).toEqual(['api/app.py']);
  });

  it('is nothing without a repository', async () => {
    expect(await gitFacts(tempFolder(), ['.'])).toEqual({ tracked: new Set(), executables: new Set() });
  });

  it('is nothing without git', async () => {
    const runner = recordingRunner({ git: { exitCode: 127, stdout: 'ignored' } });
    expect(await gitFacts('/w', ['.'], runner.run)).toEqual({ tracked: new Set(), executables: new Set() });
  });
});

describe('what no commit has', () => {
  const root = tempFolder();
  writeFiles(root, { 'shop/same.py': '1', 'shop/ä b.py': '1', 'shop/.gitignore': 'left\n', 'other/x': '1' });
  git(root, 'init', '-q');
  git(root, 'add', '--all');
  git(root, 'commit', '-q', '-m', 'x');

  it('is nothing in a clean checkout', async () => {
    expect(await uncommittedFiles(root)).toEqual([]);
  });

  it('is what was edited, staged or added, relative to the workspace', async () => {
    writeFiles(root, {
      'shop/ä b.py': '2',
      'shop/new.py': '',
      'shop/left': '',
      'shop/staged.py': '',
      'other/x': '2',
    });
    git(root, 'add', 'shop/staged.py');
    expect([...(await uncommittedFiles(join(root, 'shop')))].sort()).toEqual([
      'new.py',
      'staged.py',
      'ä b.py',
    ]);
  });

  it('is nothing without a repository', async () => {
    expect(await uncommittedFiles(tempFolder())).toEqual([]);
  });
});

describe('the address of the sources', () => {
  it.each([
    ['https://github.com/acme/shop.git', 'https://github.com/acme/shop.git'],
    ['https://user:token@github.com/acme/shop', 'https://github.com/acme/shop'],
    ['https://token@github.com/acme/shop', 'https://github.com/acme/shop'],
    ['https://user:p@ss@github.com/acme/shop', 'https://github.com/acme/shop'],
    ['ssh://git:x@example.com:22/acme/shop@v1', 'ssh://example.com:22/acme/shop@v1'],
    ['git@github.com:acme/shop.git', 'git@github.com:acme/shop.git'],
    ['../shop', '../shop'],
  ])('of %s is %s', async (url, source) => {
    const runner = recordingRunner({ 'git -C /w remote get-url origin': { stdout: `${url}\n` } });
    expect((await gitFacts('/w', [], runner.run)).source).toBe(source);
  });
});

describe('where a checkout stands', () => {
  const root = tempFolder();
  git(root, 'init', '-q', '--initial-branch=main');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'one');
  git(root, 'tag', 'v1');
  const sha = git(root, 'rev-parse', 'HEAD').trim();

  // A process asks once.
  const checkout = () => gitCheckout(root, processRunner());

  it('is a branch, whatever tags its commit has', async () => {
    expect(await checkout()).toEqual({ sha, branch: 'main' });
  });

  it('is a branch with slashes; the remote says which one is the default', async () => {
    git(root, 'switch', '-q', '-c', 'feature/x');
    git(root, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/release/1');
    expect(await checkout()).toEqual({ sha, branch: 'feature/x', defaultBranch: 'release/1' });
    git(root, 'symbolic-ref', '--delete', 'refs/remotes/origin/HEAD');
  });

  it('is a tag where HEAD is detached, and only a commit where that has none', async () => {
    git(root, 'switch', '-q', '--detach');
    expect(await checkout()).toEqual({ sha, gitTag: 'v1' });
    git(root, 'commit', '-q', '--allow-empty', '-m', 'two');
    expect(await checkout()).toEqual({ sha: git(root, 'rev-parse', 'HEAD').trim() });
  });

  it('is unknown before the first commit, without a repository, without git', async () => {
    const fresh = tempFolder();
    git(fresh, 'init', '-q', '--initial-branch=main');
    expect(await gitCheckout(fresh)).toEqual({ branch: 'main' });
    expect(await gitCheckout(tempFolder())).toEqual({});
    expect(await gitCheckout('/w', recordingRunner({ git: { exitCode: 127, stdout: 'x' } }).run)).toEqual({});
  });
});
