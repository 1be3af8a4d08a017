import { contextMatcher } from '../plan/context';
import { dockerignoreRules } from '../plan/dockerignore';
import { ownership } from '../render/managed';
import { failureOf } from '../testing/failures';
import { below, designOf, FLASK } from '../testing/projects';
import { uvWorkspace } from '../testing/uv-workspaces';
import { factsOf } from './facts';

const api = (more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  below('apps/api', { ...FLASK, ...more });
const settings = (value: object): Record<string, string> => ({
  'docker-python.json': JSON.stringify({ version: 1, ...value }),
});

describe('a design', () => {
  it('names the two managed files of the project', () => {
    const { managed } = designOf(api());
    expect(managed.map(({ path }) => path)).toEqual([
      'apps/api/Dockerfile',
      'apps/api/Dockerfile.dockerignore',
    ]);
    expect(managed.map(({ text }) => ownership(text))).toEqual(['managed', 'managed']);
    expect(designOf(FLASK, '.').managed[0].path).toBe('Dockerfile');
  });

  it('starts a process by its path where a library has a program of its name', () => {
    const processes = { web: 'gunicorn app:app', worker: 'python w.py', beat: 'python b.py' };
    const { plan } = designOf({
      ...api({ ...settings({ processes }), 'requirements.txt': 'flask\ngunicorn\n-e ../../libs/tasks\n' }),
      ...below('libs/tasks', {
        'pyproject.toml':
          '[project]\nname = "tasks"\nversion = "1"\n[project.scripts]\nworker = "tasks.cli:main"\n',
        'tasks/cli.py': '',
      }),
    });
    const stage = plan.stages.find(({ name }) => name === 'processes');
    expect(stage?.name === 'processes' && stage.processes.map(({ launcher }) => launcher)).toEqual([
      'web',
      '/opt/docker-python/bin/worker',
      'beat',
    ]);
  });

  it('is the same for the same files', () => {
    expect(designOf(api()).managed).toEqual(designOf(api()).managed);
  });

  it('sends what it selects, and nothing that git or Nx ignore', () => {
    const { plan, managed } = designOf({
      ...api(),
      '.gitignore': '*.log\n/apps/api/data\n',
      '.nxignore': 'huge/\n',
    });
    const { sends } = dockerignoreRules(managed[1].text);
    const selected = contextMatcher(plan.context);
    for (const path of [
      'apps/api/app.py',
      'apps/api/requirements.txt',
      'apps/api/tests/a.py',
      'apps/other/a.py',
    ]) {
      expect([path, sends(path)]).toEqual([path, selected(path)]);
    }
    expect(['apps/api/a.log', 'apps/api/data/x', 'apps/api/huge/x'].filter(sends)).toEqual([]);
  });

  it('brings a gunicorn configuration only where the command names it', () => {
    const bare = designOf(api(settings({ command: 'python app.py' })));
    expect(bare.seeds).toEqual([]);
    const { project, seeds } = designOf(api());
    expect(seeds.map(({ path }) => path)).toEqual(
      project.processes['web']!.value.command.includes('docker/gunicorn.conf.py')
        ? ['apps/api/docker/gunicorn.conf.py']
        : [],
    );
  });
});

it.each([
  ['pyproject.toml', '[project]\nname = "api"\n[project.scripts]\nweb = "app:main"\n', true],
  ['pyproject.toml', '[tool.poetry.scripts]\n"web" = { reference = "app:main", type = "console" }\n', true],
  ['setup.cfg', '[options.entry_points]\nconsole_scripts =\n    web = app:main\n', true],
  ['setup.py', 'setup(entry_points={"console_scripts": ["web=app:main"]})\n', true],
  ['pyproject.toml', '[project]\nname = "api"\noptional-dependencies.web = ["flask"]\n', false],
])('a script of the project in %s is not taken for the process of its name', (path, text, taken) => {
  const { runtime } = designOf(
    api({ [path]: text, ...settings({ command: 'python app.py', port: 80 }) }),
  ).plan;
  expect(runtime.command).toEqual([taken ? '/opt/docker-python/bin/web' : 'web']);
});

it.each([
  ['gunicorn app:app', 'in-place', undefined],
  ['gunicorn app:app', 'package', ['/app/apps/api/gunicorn.conf.py']],
  ['uvicorn app:app', 'package', []],
] as const)(
  '%s, %s: the gunicorn.conf.py that gunicorn finds alone counts, and stays',
  (command, install, kept) => {
    const files = api({ 'gunicorn.conf.py': 'threads = 9\n', ...settings({ command, port: 80, install }) });
    const { runtime, stages } = designOf(files).plan;
    expect(runtime.env).not.toHaveProperty('GUNICORN_CMD_ARGS');
    expect(stages.find((stage) => stage.name === 'application')?.packaged?.keep).toEqual(kept);
  },
);

it('a gunicorn.conf.py of the project is given to a gunicorn that nobody wrote down, and none is written beside it', () => {
  const own = { 'gunicorn.conf.py': 'threads = 9\nbind = "127.0.0.1:9000"\n' };
  const { seeds, findings, project, managed } = designOf(api(own));
  expect(seeds).toEqual([]);
  expect(findings).toEqual([]);
  expect(project.port).toEqual({ value: 9000, from: 'apps/api/gunicorn.conf.py' });
  expect(managed[0].text).toContain('exec gunicorn --config gunicorn.conf.py --bind 0.0.0.0:"$PORT" app:app');
  const both = designOf(api({ ...own, 'docker/gunicorn.conf.py': 'threads = 4\n' }));
  expect(both.findings).toMatchObject([
    {
      code: 'gunicorn-configuration-unread',
      message: expect.stringMatching(/^apps\/api\/gunicorn\.conf\.py /),
    },
  ]);
});

describe('settings decide', () => {
  it('over what is detected, and the later over the earlier', () => {
    const files = api(settings({ python: '3.12', env: { A: 'file' } }));
    const design = designOf(files, 'apps/api', {
      defaults: { python: '3.11', env: { A: 'nx', B: 'nx' } },
      overrides: [{ from: 'the command line', settings: { env: { C: 'option' } } }],
    });
    expect(design.plan.python).toBe('3.12');
    expect(design.plan.runtime.env).toMatchObject({ A: 'file', B: 'nx', C: 'option' });
    expect(design.project.python.from).toContain('apps/api/docker-python.json');
  });

  it.each([
    ['gunicorn -b "0.0.0.0:$PORT" app:app', ['gunicorn', '-b', '0.0.0.0:9000', 'app:app']],
    [
      ['gunicorn', '-b', '0.0.0.0:${PORT}', '$PORTS app:app'],
      ['gunicorn', '-b', '0.0.0.0:9000', '$PORTS app:app'],
    ],
    ["python 'my app.py'", ['python', 'my app.py']],
  ])('the command %j', (command, argv) => {
    expect(designOf(api(settings({ command, port: 9000 }))).project.processes['web']!.value.command).toEqual(
      argv,
    );
  });

  it.each(['a && b', 'a | b', 'a > b', 'a $(b)', 'a "b'])(
    'against the command %j, which needs a shell',
    (command) => {
      const error = failureOf(() => designOf(api(settings({ command }))));
      expect(error).toMatchObject({
        code: 'INVALID_SETTINGS',
        message: expect.stringContaining('"command" in apps/api/docker-python.json'),
      });
    },
  );
});

describe('under a shared lock', () => {
  const packages = [
    { name: 'api', version: '1', folder: 'apps/api', needs: [{ name: 'idna' }] },
    { name: 'idna', version: '3.10', needs: [] },
  ];
  const files = {
    ...uvWorkspace(packages),
    ...below('apps/api', settings({ command: 'python main.py' })),
  };

  it('an image is built from the slice, and names it', () => {
    const design = designOf(files);
    expect(design.managed[0].text).toContain('source=apps/api/docker/requirements.lock');
    expect(design.managed[0].text).not.toContain('uv.lock');
    expect(design.managed[1].text).not.toMatch(/^!(uv\.lock|pyproject\.toml)$/m);
    expect(factsOf(design)).toContainEqual({
      label: 'lock slice',
      value: 'docker/requirements.lock',
      from: 'what it installs of uv.lock',
    });
  });

  it('one to work in reads the lock itself, since the slice has no development dependencies', () => {
    const design = designOf(files, 'apps/api', { target: 'dev' });
    const [, stage] = /FROM builder AS lock-dev\n([\s\S]*?)\n\n/.exec(design.managed[0].text)!;
    expect(stage).toMatch(/^WORKDIR \/src\/apps\/api$/m);
    expect(stage).toContain('source=uv.lock');
    expect(stage).toContain('uv export --locked');
    expect(design.managed[1].text).toMatch(/^!uv\.lock$/m);
  });
});

test('a Python of the settings decides which Poetry reads a lock of Poetry 1, also for an image to work in', () => {
  const files = below('apps/api', {
    'pyproject.toml': '[tool.poetry]\nname = "api"\n[tool.poetry.dependencies]\npython = "*"\n',
    'poetry.lock':
      '# This file is automatically @generated by Poetry 1.8.3 and should not be changed by hand.\n',
    ...settings({ command: 'python main.py', python: '3.9' }),
  });
  const text = designOf(files, 'apps/api', { target: 'dev' }).managed[0].text;
  for (const stage of ['lock', 'lock-dev'])
    expect(new RegExp(`FROM builder AS ${stage}\\n[\\s\\S]*?poetry==([\\d.]+)`).exec(text)?.[1]).toBe(
      '1.8.5',
    );
});
