import { memoryFiles } from '../detection/files';
import { failureOf } from '../testing/failures';
import { planPins, type PinPlan, type PinWish } from './pin-plan';

const SETTINGS = { version: 1, command: 'python main.py' };
const HASH = `--hash=sha256:${'0'.repeat(64)}`;

function plan(
  files: Readonly<Record<string, string>>,
  wish: Partial<PinWish> = {},
  settings: object = {},
): PinPlan {
  const all = {
    '.python-version': '3.13\n',
    'a/main.py': '',
    'a/docker-python.json': JSON.stringify({ ...SETTINGS, ...settings }),
    ...files,
  };
  return planPins(
    { files: memoryFiles(all), root: 'a', otherRoots: ['a'] },
    { project: 'api', upgrade: [], constraints: [], platform: 'linux/amd64', ...wish },
  );
}
const lines = ({ recipe }: PinPlan): readonly string[] =>
  recipe.commands.map((command) => command.join(' ').replaceAll('python {scripts}/', ''));
const resolver = (planned: PinPlan): string =>
  lines(planned).find((line) => line.startsWith('uv pip compile'))!;

const manifest = (more = '', project = ''): string =>
  `[project]\nname = "api"\nversion = "1"\ndependencies = ["flask"]\n${project}${more}`;
const HATCH = '\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';

describe('lists', () => {
  test('of an .in file: pins that are there are preferences', () => {
    const planned = plan({ 'a/requirements.in': 'flask\n', 'a/requirements.txt': `flask==3 ${HASH}\n` });
    expect(lines(planned)).toEqual([
      'pins.py preferences requirements.txt',
      'requirements.py input requirements.txt.in requirements.txt.constraints requirements.in',
      'uv pip compile requirements.txt.in --generate-hashes --no-header --no-annotate --quiet --output-file requirements.txt --universal',
    ]);
    expect(planned.recipe).toMatchObject({ root: 'a', outputs: ['a/requirements.txt'] });
    expect(planned.ignore).toBe('*\n!a/requirements.in\n!a/requirements.txt\n');
  });

  test.each([
    ['nothing says how it starts', {}],
    [
      'several things do',
      {
        'a/one.py': 'import flask\napp = flask.Flask("x")\n',
        'a/two.py': 'import flask\napp = flask.Flask("x")\n',
      },
    ],
  ])('of a project of which %s', (_, more) => {
    const files = { ...more, 'a/requirements.in': 'flask\n' };
    const settings = { command: undefined };
    expect(plan(files, {}, settings).recipe.outputs).toEqual(['a/requirements.txt']);
    expect(
      failureOf(() => plan({ ...files, 'a/requirements.in': '' }, {}, { base: 'python:alpine' })),
    ).toMatchObject({
      code: 'UNSUPPORTED_BASE',
    });
  });

  test('that are the first of their kind', () => {
    expect(plan({ 'a/requirements.in': 'flask\n' }).recipe.outputs).toEqual(['a/requirements.txt']);
  });

  test('by the name of the list in charge', () => {
    const planned = plan({
      'a/requirements/production.in': 'flask\n',
      'a/requirements/production.txt': `flask==3 ${HASH}\n`,
      'a/requirements/base.txt': 'flask\n',
    });
    expect(planned.recipe.outputs).toEqual(['a/requirements/production.txt']);
  });

  test('for development never exceed production, and may name a list that is not there yet', () => {
    const planned = plan({
      'a/requirements.in': 'flask\n',
      'a/dev-requirements.in': '-c requirements.txt\npytest\n',
    });
    expect(planned.recipe.outputs).toEqual(['a/requirements.txt', 'a/dev-requirements.txt']);
    expect(lines(planned).at(-1)).toMatch(
      /--output-file dev-requirements\.txt --constraints requirements\.txt --universal$/,
    );
  });

  test('of a manifest, with its groups and extras, and those for development', () => {
    const groups =
      '\n[dependency-groups]\ntracing = ["otel"]\ndev = ["pytest"]\n\n[project.optional-dependencies]\npg = ["psycopg"]\n';
    const planned = plan(
      {
        'a/pyproject.toml': manifest(groups + HATCH),
        'a/requirements.txt': '# Pins of pyproject.toml, by docker-python\n',
      },
      {},
      { extras: ['pg'], groups: ['tracing'] },
    );
    expect(resolver(planned)).toMatch(/^uv pip compile pyproject\.toml --extra pg --group tracing /);
    expect(planned.recipe.outputs).toEqual(['a/requirements.txt', 'a/dev-requirements.txt']);
    expect(lines(planned).find((line) => line.includes('--group dev'))).toContain(
      '--extra pg --group tracing --group dev',
    );
  });

  test('hold what the settings add, in its version; constraints of a run count', () => {
    const planned = plan(
      { 'a/requirements.in': 'flask\n' },
      { constraints: ['bounds.txt'] },
      { extraRequirements: [`gunicorn==23.0.0 ${HASH}`] },
    );
    expect(lines(planned)).toContain('pins.py entries requirements.txt.more gunicorn==23.0.0');
    expect(resolver(planned)).toContain('requirements.txt requirements.txt.more --constraints bounds.txt');
    expect(planned.recipe.files).toContain('a/bounds.txt');
  });

  test.each<[string, PinWish['upgrade'], string]>([
    ['all', 'all', '--upgrade --universal'],
    ['some', ['flask', 'idna'], '--upgrade-package flask --upgrade-package idna --universal'],
  ])('upgrade %s', (_, upgrade, words) => {
    expect(resolver(plan({ 'a/requirements.in': 'flask\n' }, { upgrade }))).toMatch(new RegExp(`${words}$`));
  });

  test.each([
    ['none said', undefined, '--universal'],
    ['that of the engine', ['linux/amd64'], '--output-file requirements.txt'],
    ['one that is not', ['linux/arm64'], '--python-platform aarch64-unknown-linux-gnu'],
    ['several', ['linux/amd64', 'linux/arm64'], '--universal'],
    ['one without a name', ['linux/s390x'], '--universal'],
  ])('platforms: %s', (_, platforms, end) => {
    const planned = plan({ 'a/requirements.in': 'flask\n' }, {}, platforms ? { platforms } : {});
    expect(resolver(planned).endsWith(end)).toBe(true);
  });

  test('are committed canonical, and say what they come from', () => {
    const planned = plan({ 'a/requirements.in': 'flask\n' });
    const made = `b==1 ; sys_platform == 'linux' \\\n    ${HASH}\na==1 ; sys_platform == 'win32' \\\n    ${HASH}\n`;
    expect(planned.finish('a/requirements.txt', made)).toBe(
      `# Pins of requirements.in, by docker-python. To renew them: npx nx pin-deps api\nb==1 \\\n    ${HASH}\n`,
    );
  });

  test('leave packages of the repository out, and the image has them all the same', () => {
    const library = { 'lib/pyproject.toml': '[project]\nname = "lib"\nversion = "1"\n' + HATCH };
    const source = { ...library, 'a/requirements.in': '-e ../lib\nflask\n' };
    expect(lines(plan(source))).toContain('requirements.py local requirements.txt.in lib=../lib');
    const pinned = {
      ...source,
      'a/requirements.txt': `# Pins of requirements.in, by docker-python\nflask==3 ${HASH}\n`,
    };
    expect(plan(pinned).design.project.localPackages).toMatchObject([{ path: 'lib' }]);
    const manifested = {
      ...library,
      'a/pyproject.toml': manifest(HATCH).replace('"flask"', '"flask", "lib @ file:../lib"'),
      'a/requirements.txt': `# Pins of pyproject.toml, by docker-python\nflask==3 ${HASH}\n`,
    };
    expect(plan(manifested).design.project.localPackages).toMatchObject([{ path: 'lib' }]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['pins nothing', { 'a/requirements.txt': 'flask\n' }, /a\/requirements\.txt:1 pins nothing/],
    [
      'has a package of the repository',
      { 'a/requirements.txt': `-e .\nflask==3 ${HASH}\n`, 'a/setup.py': '' },
      /package of this repository/,
    ],
    [
      'includes another',
      { 'a/requirements.txt': '-r base.txt\n', 'a/base.txt': `flask==3 ${HASH}\n` },
      /includes a\/base\.txt/,
    ],
    ['has no source', { 'a/requirements.txt': `flask==3 ${HASH}\n` }, /there is no a\/requirements\.in/],
  ])('a list that %s is not overwritten', (_, files, says) => {
    const error = failureOf(() => plan(files));
    expect(error).toMatchObject({
      code: 'PINS_WITHOUT_SOURCE',
      hint: expect.stringContaining('a/requirements.in') as string,
    });
    expect(error.message).toMatch(says);
  });
});

describe('locks, by their own tool', () => {
  const LOCKED = {
    uv: {
      'a/pyproject.toml': manifest('\n[tool.uv]\npackage = false\n'),
      'a/uv.lock': 'version = 1\n\n[[package]]\nname = "api"\nsource = { virtual = "." }\n',
    },
    poetry: {
      'a/pyproject.toml': manifest(
        '\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
      ),
      'a/poetry.lock': '[metadata]\nlock-version = "2.1"\n',
    },
    pdm: {
      'a/pyproject.toml': manifest('\n[tool.pdm]\ndistribution = false\n'),
      'a/pdm.lock': '[metadata]\nlock_version = "4.5"\n',
    },
    pipenv: {
      'a/Pipfile': '[packages]\nflask = "*"\n',
      'a/Pipfile.lock': '{ "_meta": {}, "default": {}, "develop": {} }',
    },
  } as const;

  test.each<[keyof typeof LOCKED, PinWish['upgrade'], readonly string[]]>([
    ['uv', [], ['uv lock']],
    ['uv', ['flask'], ['uv lock --upgrade-package flask']],
    ['uv', 'all', ['uv lock --upgrade']],
    ['poetry', [], ['poetry lock --no-interaction']],
    ['poetry', ['flask', 'idna'], ['poetry update --lock flask idna --no-interaction']],
    ['poetry', 'all', ['poetry lock --regenerate --no-interaction']],
    ['pdm', [], ['requirements.py asking pyproject.toml pdm lock --update-reuse']],
    [
      'pdm',
      ['flask'],
      ['pins.py forget pdm.lock flask', 'requirements.py asking pyproject.toml pdm lock --update-reuse'],
    ],
    ['pdm', 'all', ['requirements.py asking pyproject.toml pdm lock']],
    ['pipenv', [], ['requirements.py asking Pipfile pins.py pipenv']],
    ['pipenv', ['flask'], ['requirements.py asking Pipfile pins.py pipenv flask']],
    ['pipenv', 'all', ['requirements.py asking Pipfile pipenv lock']],
  ])('%s, upgrade %j', (manager, upgrade, expected) => {
    const planned = plan(LOCKED[manager], { upgrade });
    expect(lines(planned)).toEqual(expected);
    const [lock] = Object.keys(LOCKED[manager]).filter((path) => path.endsWith('.lock'));
    expect(planned.recipe.outputs).toEqual([lock]);
    expect(planned.finish(lock!, 'as it is')).toBe('as it is');
  });

  test.each(['uv', 'poetry', 'pdm', 'pipenv'] as const)('%s makes the first one as well', (manager) => {
    const unlocked = Object.entries(LOCKED[manager]).filter(([path]) => !path.endsWith('.lock'));
    const planned = plan(Object.fromEntries(unlocked));
    expect(planned.recipe.outputs[0]).toMatch(/\.lock$/);
    expect(planned.recipe.files).toEqual(expect.arrayContaining(unlocked.map(([path]) => path)));
  });

  test('Poetry of the project, the other way round in its first version', () => {
    const old = {
      'a/pyproject.toml':
        '[tool.poetry]\nname = "api"\n[tool.poetry.dependencies]\npython = "~3.9"\nflask = "*"\n',
      'a/poetry.lock':
        '# This file is automatically @generated by Poetry 1.8.5 and should not be changed by hand.\n[metadata]\nlock-version = "2.0"\n',
      '.python-version': '3.9\n',
    };
    expect(lines(plan(old))).toEqual(['poetry lock --no-update --no-interaction']);
    expect(lines(plan(old, { upgrade: 'all' }))).toEqual(['poetry lock --no-interaction']);
  });

  test('a workspace of uv: all members are seen, one that the lock does not have yet included', () => {
    const workspace = {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["*"]\n',
      'uv.lock': 'version = 1\n\n[[package]]\nname = "b"\nversion = "1"\nsource = { virtual = "b" }\n',
      'a/pyproject.toml': manifest(),
      'b/pyproject.toml': manifest().replace('"api"', '"b"'),
    };
    const { recipe } = plan(workspace);
    expect(recipe).toMatchObject({ root: '.', outputs: ['uv.lock'], commands: [['uv', 'lock']] });
    expect(recipe.files).toEqual(['a/pyproject.toml', 'b/pyproject.toml', 'pyproject.toml', 'uv.lock']);
  });

  const pylock = (creator: string, header = ''): Record<string, string> => ({
    'a/pylock.toml': `${header}lock-version = "1.0"\ncreated-by = "${creator}"\n`,
    'a/requirements.in': 'flask\n',
  });
  const UV_HEADER =
    '# This file was autogenerated by uv via the following command:\n#    uv pip compile requirements.in --universal -o pylock.toml\n';

  test.each<[string, Record<string, string>, PinWish['upgrade'], readonly string[]]>([
    [
      'uv',
      pylock('uv', UV_HEADER),
      [],
      ['uv pip compile requirements.in --universal --quiet -o pylock.toml'],
    ],
    [
      'uv, exported',
      pylock('uv'),
      ['flask'],
      ['uv pip compile requirements.in --universal --quiet -o pylock.toml --upgrade-package flask'],
    ],
    [
      'pdm',
      { ...pylock('pdm'), 'a/pyproject.toml': manifest() },
      ['x'],
      [
        'pins.py forget pylock.toml x',
        'requirements.py asking pyproject.toml env PDM_LOCK_FORMAT=pylock pdm lock --update-reuse',
      ],
    ],
    [
      'pip',
      pylock('pip'),
      ['x', 'y'],
      ['pins.py pip requirements.in x,y pip lock --quiet -o pylock.toml -r requirements.in'],
    ],
    ['pip', pylock('pip'), 'all', ['pip lock --quiet -o pylock.toml -r requirements.in']],
  ])('a pylock.toml of %s', (_, files, upgrade, expected) => {
    const planned = plan(files, { upgrade });
    expect(lines(planned)).toEqual(expected);
    expect(planned.recipe.outputs).toEqual(['a/pylock.toml']);
    expect(planned.recipe.files).toEqual(expect.arrayContaining(['a/requirements.in', 'a/pylock.toml']));
  });

  test('a pylock.toml of another tool, or alone, is refused', () => {
    expect(failureOf(() => plan(pylock('Poetry 9')))).toMatchObject({
      code: 'UNSUPPORTED_PROJECT',
      message: expect.stringContaining('was made by Poetry 9') as string,
    });
    const alone = { 'a/pylock.toml': pylock('pip')['a/pylock.toml']! };
    expect(failureOf(() => plan(alone))).toMatchObject({ code: 'PINS_WITHOUT_SOURCE' });
  });

  test('constraints are refused', () => {
    expect(failureOf(() => plan(LOCKED.uv, { constraints: ['c.txt'] }))).toMatchObject({
      code: 'INVALID_SETTINGS',
    });
  });
});

test('the Dockerfile stops at the pins, in the builder of the image, and hands over what a resolver says', () => {
  const { dockerfile } = plan(
    { 'a/requirements.in': 'flask\n' },
    {},
    { systemPackages: { build: ['libpq-dev'] } },
  );
  expect(dockerfile).toContain('libpq-dev');
  expect(dockerfile).toContain('WORKDIR /src/a\nCOPY . /src/\nARG RESOLVED_AT\n');
  expect(dockerfile).toContain(
    '} > /out/log.txt 2>&1; then\n  mkdir -p /out/pins/a\n  cp /src/a/requirements.txt /out/pins/a/requirements.txt\nelse\n',
  );
  expect(dockerfile).toMatch(/FROM scratch AS pins\nCOPY --from=resolve \/out\/ \/\n$/);
});
