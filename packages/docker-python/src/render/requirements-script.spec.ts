import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SCRIPT = join(__dirname, 'scripts', 'requirements.py');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'requirements-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(files: Record<string, string>, ...args: string[]): { status: number | null; stderr: string } {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return spawnSync('python3', [SCRIPT, ...args], { cwd: folder, encoding: 'utf8' });
}

const written = (name = 'out') => readFileSync(join(folder, name), 'utf8');

function list(text: string, more: Record<string, string> = {}): string {
  expect(run({ 'requirements.txt': text, ...more }, 'list', 'out', 'requirements.txt')).toMatchObject({
    status: 0,
    stderr: '',
  });
  return written();
}

describe('list', () => {
  const plain =
    'click==8.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nflask[async,dotenv]==3.1 ; os_name == "posix" \\\n    --hash=sha256:cc\n';

  test.each<[string, string, Record<string, string>]>([
    ['as it is', plain, {}],
    [
      'comments, blanks, order',
      '# head\r\nFlask[dotenv,async] == 3.1; os_name  == "posix"  --hash=sha256:cc  # why\r\n\r\nclick==8.1 --hash sha256:bb --hash=sha256:aa\r\n',
      {},
    ],
    [
      'continued',
      'click==8.1 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\n\\\nflask[async,dotenv]==3.1 ; os_name == "posix" --hash=sha256:cc',
      {},
    ],
    [
      'in several files, one of them twice',
      '-r more/a.txt\n--requirement=more/b.txt',
      {
        'more/a.txt': '-r b.txt\n-r ../requirements.txt\nclick==8.1 --hash=sha256:aa',
        'more/b.txt':
          'click==8.1 --hash=sha256:bb\nflask[async, dotenv]==3.1 ; os_name == "posix" --hash=sha256:cc',
      },
    ],
    ['with a byte order mark', `\uFEFF${plain}`, {}],
    [
      'with packages of the repository',
      `${plain}-e .\n-e ../lib[web]\n./lib ; os_name == "posix"\nfile:lib#egg=lib\nlib @ file:///srv/lib\nlib @ {root:uri}/../lib\nlibs/core\nwheels/a-1-py3-none-any.whl\n`,
      {},
    ],
    ['with constraints', `${plain}-c constraints.txt`, { 'constraints.txt': 'jinja2<4' }],
  ])('%s: the same bytes', (_, text, more) => expect(list(text, more)).toBe(plain));

  test('keeps options and environment variables as they are written, on top', () => {
    const text =
      'a==1\n--extra-index-url=https://${TOKEN}@index.invalid/simple\n-i https://index.invalid/simple\n--no-binary lxml\n--pre\n';
    expect(list(text)).toBe(
      '--extra-index-url https://${TOKEN}@index.invalid/simple\n--index-url https://index.invalid/simple\n--no-binary lxml\na==1\n',
    );
  });

  test.each([
    [
      '-e git+https://git.invalid/A.git@v1#egg=A_b[x]&subdirectory=s',
      'a-b[x] @ git+https://git.invalid/A.git@v1#subdirectory=s',
    ],
    ['git+ssh://git@git.invalid/a.git', 'git+ssh://git@git.invalid/a.git'],
    [
      'A @ https://h.invalid/a-1.zip ; os_name == "nt" --hash=sha256:aa',
      'a @ https://h.invalid/a-1.zip ; os_name == "nt" \\\n    --hash=sha256:aa',
    ],
    ['https://h.invalid/a;b-1.zip', 'https://h.invalid/a;b-1.zip'],
    ['a (>=1, <2)', 'a>=1,<2'],
  ])('%s', (text, expected) => expect(list(text)).toBe(`${expected}\n`));

  test('can rewrite a list in place', () => {
    expect(run({ out: 'b==1\na==1\n' }, 'list', 'out', 'out').status).toBe(0);
    expect(written()).toBe('a==1\nb==1\n');
  });

  test('a missing file is an error', () =>
    expect(run({ 'requirements.txt': '-r gone.txt' }, 'list', 'out', 'requirements.txt').status).not.toBe(0));
});

test('input: requirements and constraints apart, options that a resolver reads', () => {
  run(
    {
      'r.txt': 'flask\n-e .\n-c c.txt\n--trusted-host h.invalid\n-i https://index.invalid/simple',
      'c.txt': 'werkzeug<4\n-r d.txt',
      'd.txt': 'click<9',
    },
    'input',
    'out',
    'constraints',
    'r.txt',
  );
  expect(written()).toBe('--index-url https://index.invalid/simple\nflask\n');
  expect(written('constraints')).toBe('click<9\nwerkzeug<4\n');
});

test('options: those of the source on top of what was resolved', () => {
  run(
    {
      out: 'flask==3 \\\n    --hash=sha256:aa\n',
      'r.txt': 'flask\n--no-binary x\n--extra-index-url https://${T}@index.invalid/simple',
    },
    'options',
    'out',
    'r.txt',
  );
  expect(written()).toBe(
    '--extra-index-url https://${T}@index.invalid/simple\nflask==3 \\\n    --hash=sha256:aa\n',
  );
});

test('capture: what a command prints, and its exit status', () => {
  expect(run({}, 'capture', 'out', 'python3', '-c', 'print("a==1")').status).toBe(0);
  expect(written()).toBe('a==1\n');
  expect(run({}, 'capture', 'other', 'python3', '-c', 'raise SystemExit(3)').status).toBe(3);
  expect(() => written('other')).toThrow();
});

test('pylock: entries whose markers hold here, for the chosen extras and groups', () => {
  const entry = (name: string, rest = '') =>
    `[[packages]]\nname = "${name}"\nversion = "1"\nindex = "https://index.invalid/simple"\nwheels = [{ name = "${name}-1-py3-none-any.whl", hashes = { sha256 = "aa" } }]\n${rest}\n`;
  const lock = [
    'lock-version = "1.0"\ndefault-groups = ["main"]\n',
    entry('always', 'sdist = { name = "always-1.tar.gz", hashes = { sha256 = "bb" } }'),
    entry('main', `marker = "'main' in dependency_groups and python_version >= '3.8'"`),
    entry('dev', `marker = "'dev' in dependency_groups"`),
    entry('server', `marker = "('server' in extras or 'all' in extras) and 'x' not in extras"`),
    entry('windows', `marker = "sys_platform == 'win32' or python_full_version < '3.8'"`),
    '[[packages]]\nname = "repo"\nvcs = { type = "git", url = "https://git.invalid/r.git", commit-id = "c0ffee", subdirectory = "s" }\n',
    '[[packages]]\nname = "zip"\narchive = { url = "https://h.invalid/z.zip", hashes = { sha256 = "dd" } }\n',
    '[[packages]]\nname = "local"\ndirectory = { path = "../local" }\n',
  ].join('');
  expect(run({ 'pylock.toml': lock }, 'pylock', 'out', 'pylock.toml', 'extra=server')).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(written()).toBe(
    [
      '--index-url https://index.invalid/simple',
      'always==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb',
      'main==1 \\\n    --hash=sha256:aa',
      'repo @ git+https://git.invalid/r.git@c0ffee#subdirectory=s',
      'server==1 \\\n    --hash=sha256:aa',
      'zip @ https://h.invalid/z.zip \\\n    --hash=sha256:dd',
      '',
    ].join('\n'),
  );
});

test('anything else explains itself', () => {
  expect(run({}, 'frobnicate', 'a', 'b')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('requirements.py list OUTPUT'),
  });
});

test('hashes of a pdm.lock go to the entries that it pins, and nowhere else', () => {
  const lock = [
    '[[package]]',
    'name = "Falcon"',
    'version = "4.4.0"',
    'files = [{file = "a.whl", hash = "sha256:bb"}, {file = "a.tar.gz", hash = "sha256:aa"}]',
    '[[package]]',
    'name = "acme-clock"',
    'version = "0.1"',
    'path = "../clock"',
  ].join('\n');
  const files = {
    'pdm.lock': lock,
    out: 'falcon[test]==4.4.0; python_version >= "3.9"\nother==1\nacme-clock @ file:///src/clock\n',
  };
  expect(run(files, 'hashes', 'out', 'pdm.lock')).toMatchObject({ status: 0, stderr: '' });
  expect(written()).toBe(
    'falcon[test]==4.4.0 ; python_version >= "3.9" \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nother==1\n',
  );
});

describe('asking', () => {
  const LOGIN = `Basic ${Buffer.from('reader:p/w d').toString('base64')}`;
  const server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === LOGIN ? 200 : 401;
    response.end();
  });
  beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
  afterAll(() => void server.close());

  /** Runs a command that fails, beside a manifest with an index: exit code and what is said. */
  async function asking(login: string, env: Record<string, string>, code = '3'): Promise<unknown> {
    const { port } = server.address() as AddressInfo;
    const manifest = `[[source]]\nname = "acme"\nurl = "http://${login}127.0.0.1:${port}/simple/"\n`;
    writeFileSync(join(folder, 'Pipfile'), manifest);
    writeFileSync(join(folder, 'netrc'), 'machine 127.0.0.1 login reader password "p/w d"\n');
    const words = [SCRIPT, 'asking', 'Pipfile', 'sh', '-c', `echo nothing found >&2; exit ${code}`];
    const child = spawn('python3', words, { cwd: folder, env: { ...process.env, NETRC: '', ...env } });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString().replaceAll(String(port), 'PORT')));
    const [status] = (await once(child, 'close')) as [number];
    return [status, said];
  }
  const refused = 'nothing found\ndocker-python: 401 Unauthorized: http://127.0.0.1:PORT/simple/\n';

  test.each<[string, string, Record<string, string>, string]>([
    ['names an index that refuses', 'reader:${T}@', { T: 'wrong' }, refused],
    ['names one without credentials', '', {}, refused],
    ['says nothing of one that is content', 'reader:${T}@', { T: 'p/w d' }, 'nothing found\n'],
    ['finds credentials by host', '', { NETRC: 'netrc' }, 'nothing found\n'],
  ])('%s', async (_, login, env, said) => expect(await asking(login, env)).toEqual([3, said]));

  test('asks nobody where the command succeeds', async () =>
    expect(await asking('', {}, '0')).toEqual([0, 'nothing found\n']));
});
