import fc from 'fast-check';
import { DockerPythonError } from '../errors';
import { memoryFiles } from './files';
import { readRequirements, requirementsFiles } from './requirements';

/** An error, or a finding, with at least these fields. */
const matching = (fields: object): Error => {
  const matcher: unknown = expect.objectContaining(fields);
  return matcher as Error;
};

const read = (text: string, more: Record<string, string> = {}) =>
  readRequirements(
    memoryFiles({ 'apps/api/requirements.txt': text, ...more }),
    'apps/api/requirements.txt',
    'apps/api',
  );

describe('one line', () => {
  const only = (text: string, more: Record<string, string> = {}) => {
    const { entries } = read(text, more);
    expect(entries).toHaveLength(1);
    return entries[0]!;
  };

  test.each([
    ['flask', { name: 'flask', specifiers: '', extras: [] }],
    ['Flask_SQLAlchemy == 3.1 # why', { name: 'flask-sqlalchemy', specifiers: '== 3.1' }],
    ['uvicorn[standard, x]>=0.3,<1', { name: 'uvicorn', extras: ['standard', 'x'], specifiers: '>=0.3,<1' }],
    ['a (>=1)', { name: 'a', specifiers: '>=1' }],
    ['a; python_version < "3.9"', { name: 'a', marker: 'python_version < "3.9"' }],
    ['a==1 --hash=sha256:00 --hash sha256:11', { name: 'a', hashes: ['sha256:00', 'sha256:11'] }],
    ['a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n', { hashes: ['sha256:00', 'sha256:11'] }],
    ['\uFEFFa==1\r\n', { name: 'a', specifiers: '==1' }],
    [
      'a @ https://index.invalid/a-1.zip ; os_name == "posix"',
      {
        name: 'a',
        marker: 'os_name == "posix"',
        location: { kind: 'url', url: 'https://index.invalid/a-1.zip' },
      },
    ],
    [
      'https://index.invalid/my_pkg-1.0-py3-none-any.whl',
      { name: 'my-pkg', location: { kind: 'url', url: 'https://index.invalid/my_pkg-1.0-py3-none-any.whl' } },
    ],
    [
      'git+https://git.invalid/a.git@v1#egg=A_b[c]',
      {
        name: 'a-b',
        extras: ['c'],
        location: { kind: 'vcs', url: 'git+https://git.invalid/a.git@v1#egg=A_b[c]' },
      },
    ],
    [
      '-e git+ssh://git@git.invalid/a.git#egg=a',
      { name: 'a', editable: true, location: { kind: 'vcs', url: 'git+ssh://git@git.invalid/a.git#egg=a' } },
    ],
    [
      'a @ git+https://${TOKEN}@git.invalid/a.git',
      { name: 'a', location: { kind: 'vcs', url: 'git+https://${TOKEN}@git.invalid/a.git' } },
    ],
    ['-e .', { editable: true, location: { kind: 'local', path: 'apps/api' } }],
    ['.[postgres]', { extras: ['postgres'], location: { kind: 'local', path: 'apps/api' } }],
    ['-e ../../libs/core[web]', { extras: ['web'], location: { kind: 'local', path: 'libs/core' } }],
    ['--editable=../../libs/core', { editable: true, location: { kind: 'local', path: 'libs/core' } }],
    ['file:../../libs/core#egg=core', { name: 'core', location: { kind: 'local', path: 'libs/core' } }],
    [
      'core @ file:///${PROJECT_ROOT}/../../libs/core',
      { name: 'core', location: { kind: 'local', path: 'libs/core' } },
    ],
    ['core @ {root:uri}/../../libs/core', { name: 'core', location: { kind: 'local', path: 'libs/core' } }],
    [
      'wheels/a-1-py3-none-any.whl',
      { location: { kind: 'local', path: 'apps/api/wheels/a-1-py3-none-any.whl' } },
    ],
  ])('%j', (text, expected) => expect(only(text)).toMatchObject(expected));

  test('local paths start at the project, or where there is nothing, at the file', () => {
    const files = {
      'apps/api/requirements/base.txt': '-e ./lib\n-e ../other',
      'apps/api/lib/setup.py': '',
      'apps/api/other/setup.py': '',
    };
    const { entries } = read('-r requirements/base.txt', files);
    expect(entries.map(({ location }) => location)).toEqual([
      { kind: 'local', path: 'apps/api/lib' },
      { kind: 'local', path: 'apps/api/other' },
    ]);
  });
});

describe('the chain', () => {
  test('follows -r and -c, relative to the file, each file once, in a stable order', () => {
    const chain = read(
      '-r requirements/prod.txt\n-c constraints.txt\n--index-url https://${USER}@index.invalid/simple\n',
      {
        'apps/api/requirements/prod.txt': '-r base.txt\ngunicorn==23\n',
        'apps/api/requirements/base.txt': '--requirement=prod.txt\nflask\n',
        'apps/api/constraints.txt': 'werkzeug<4\n-r more.txt',
        'apps/api/more.txt': 'jinja2<4',
      },
    );
    expect(chain.files).toEqual([
      'apps/api/requirements.txt',
      'apps/api/requirements/prod.txt',
      'apps/api/requirements/base.txt',
      'apps/api/constraints.txt',
      'apps/api/more.txt',
    ]);
    expect(chain.entries.map(({ name, from }) => [name, from])).toEqual([
      ['gunicorn', 'apps/api/requirements/prod.txt:2'],
      ['flask', 'apps/api/requirements/base.txt:2'],
    ]);
    expect(chain.constraints.map(({ name }) => name)).toEqual(['werkzeug', 'jinja2']);
    expect(chain.options).toEqual([
      {
        name: '--index-url',
        value: 'https://${USER}@index.invalid/simple',
        from: 'apps/api/requirements.txt:3',
      },
    ]);
  });

  test.each([
    ['flask\n-r gone.txt', 'REQUIREMENTS_MISSING', 'apps/api/requirements.txt:2'],
    ['-c ../../../gone.txt', 'OUTSIDE_WORKSPACE', 'apps/api/requirements.txt:1'],
    ['-e ../../../lib', 'OUTSIDE_WORKSPACE', 'apps/api/requirements.txt:1'],
    ['-e /srv/lib', 'OUTSIDE_WORKSPACE', 'apps/api/requirements.txt:1'],
    ['-r https://index.invalid/r.txt', 'UNSUPPORTED_PATH', 'apps/api/requirements.txt:1'],
    ['-e ${HOME}/lib', 'UNSUPPORTED_PATH', 'apps/api/requirements.txt:1'],
    ['flask flask', 'INVALID_MANIFEST', 'apps/api/requirements.txt:1'],
    ['==1', 'INVALID_MANIFEST', 'apps/api/requirements.txt:1'],
    ['\n\n--frobnicate', 'INVALID_MANIFEST', 'apps/api/requirements.txt:3'],
  ])('%j is %s and names its place', (text, code, place) => {
    expect(() => read(text)).toThrow(matching({ code, message: expect.stringContaining(place) }));
  });

  test('says which files several lists touch', () => {
    const files = memoryFiles({ 'a.txt': '-r b.txt', 'b.txt': '', 'c.txt': '-r b.txt' });
    expect(requirementsFiles(files, ['a.txt', 'c.txt'])).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });
});

const fragment = fc.constantFrom(
  ...[
    '-r ',
    '-c',
    '-e ',
    '\\',
    '\n',
    '\r',
    ' ',
    '#',
    ';',
    '@',
    '--hash=',
    '[',
    ']',
    '==',
    '../',
    'file:',
    'git+',
    'a',
    '${X}',
    '%',
    '{root:uri}',
    '\uFEFF',
    '\0',
    "'",
  ],
);

test('any text gives a chain or a DockerPythonError', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fragment).map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          read(text, { 'apps/api/a': text });
        } catch (error) {
          if (!(error instanceof DockerPythonError)) throw error;
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('long runs of blanks and brackets take no time', () => {
  // Of the processor: on a busy machine the clock says nothing about the program.
  const started = process.cpuUsage();
  for (const unit of [' ', ';', ' ;', ' #', ' -', '[', '\\\n', '@ ', ' --hash=', '.-', '-r a\n']) {
    for (const end of ['', 'x']) {
      try {
        read(`a${unit.repeat(50_000)}${end}`);
      } catch (error) {
        expect(error).toBeInstanceOf(DockerPythonError);
      }
    }
  }
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
});
