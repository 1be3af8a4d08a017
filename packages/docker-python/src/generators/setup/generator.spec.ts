import { readJson, updateNxJson, type Tree } from '@nx/devkit';
import { ownership } from '../../render/managed';
import { FLASK } from '../../testing/projects';
import { complaint, filesOf, quietly, workspaceTree } from '../../testing/workspace';
import setup, { type SetupOptions } from './generator';

const SETTINGS = 'apps/api/docker-python.json';
const DOCKERFILE = 'apps/api/Dockerfile';
const IGNORE = `${DOCKERFILE}.dockerignore`;
const FOREIGN = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "--workers", "7", "app:app"]\n';

const run = async (tree: Tree, options: Partial<SetupOptions> = {}): Promise<string> =>
  (await quietly(() => setup(tree, { project: 'api', ...options }))).printed;
const text = (tree: Tree, path: string): string => tree.read(path, 'utf-8')!;

describe('setup of an ordinary project', () => {
  it('writes settings that say nothing but their version, and two managed files', async () => {
    const tree = workspaceTree();
    await run(tree);
    expect(readJson<object>(tree, SETTINGS)).toEqual({
      $schema: '../../node_modules/docker-python/docker-python.schema.json',
      version: 1,
    });
    for (const path of [DOCKERFILE, `${DOCKERFILE}.dockerignore`])
      expect(ownership(text(tree, path))).toBe('managed');
  });

  it('says what it decided and from which file', async () => {
    const printed = await run(workspaceTree());
    expect(printed).toMatch(/Python\s+3\.13\n\s+from .*\.python-version/);
    expect(printed).toMatch(/start command\s+gunicorn .*app:app/);
    expect(printed).toContain(`${DOCKERFILE}: new`);
    expect(printed).toContain('nx docker-build api');
  });

  it('names libraries of the repository, and code that Python cannot compile', async () => {
    const tree = workspaceTree({
      api: { ...FLASK, 'requirements.txt': `${FLASK['requirements.txt']}-e ../../libs/words\n` },
    });
    tree.write(
      'libs/words/pyproject.toml',
      '[project]\nname = "words"\n[build-system]\nrequires = ["flit_core"]\n',
    );
    tree.write('apps/api/cart.py', 'def f()\n    return 1\n');
    const printed = await run(tree);
    expect(printed).toMatch(/local library\s+libs\/words, as a wheel\n\s+from apps\/api\/requirements\.txt/);
    expect(printed.replace(/\s+/g, ' ')).toContain(
      'Note: A file that is part of the image cannot be compiled by Python, and so not be imported: apps/api/cart.py:1.',
    );
  });

  it('changes nothing the second time, and says so', async () => {
    const tree = workspaceTree();
    await run(tree);
    const before = filesOf(tree);
    const printed = await run(tree);
    expect(filesOf(tree)).toEqual(before);
    expect(printed).toContain(`${DOCKERFILE}: current`);
  });

  it('follows the code where that changes, without freezing what its own Dockerfile said', async () => {
    const tree = workspaceTree();
    await run(tree);
    tree.delete('apps/api/app.py');
    tree.write('apps/api/server.py', FLASK['app.py']!);
    await run(tree);
    expect(readJson(tree, SETTINGS)).not.toHaveProperty('command');
    expect(text(tree, DOCKERFILE)).toContain('server:app');
  });

  it('takes the folder of a project for its name', async () => {
    const tree = workspaceTree();
    await run(tree, { project: './apps/api/' });
    expect(tree.exists(DOCKERFILE)).toBe(true);
  });

  it('takes a folder that is no project yet', async () => {
    const tree = workspaceTree({});
    for (const [path, content] of Object.entries(FLASK)) tree.write(`services/shop/${path}`, content);
    const printed = await run(tree, { project: 'services/shop' });
    expect(printed).toContain('shop (services/shop)');
    expect(tree.exists('services/shop/Dockerfile')).toBe(true);
  });
});

describe('settings', () => {
  it('get the options that were given', async () => {
    const tree = workspaceTree();
    await run(tree, { port: 9000, image: 'shop/api', command: 'gunicorn -b 0.0.0.0:9000 app:app' });
    expect(readJson(tree, SETTINGS)).toMatchObject({ port: 9000, image: 'shop/api' });
    expect(text(tree, DOCKERFILE)).toContain('EXPOSE 9000');
  });

  it('that are there stay, byte for byte where nothing is added', async () => {
    const tree = workspaceTree();
    const own = '{"version":1,   "env": {"A": "1"}}\n';
    tree.write(SETTINGS, own);
    await run(tree);
    expect(text(tree, SETTINGS)).toBe(own);
    await run(tree, { image: 'x' });
    expect(readJson(tree, SETTINGS)).toMatchObject({ env: { A: '1' }, image: 'x' });
  });

  it('of the workspace are not copied into the project', async () => {
    const tree = workspaceTree();
    updateNxJson(tree, {
      plugins: [{ plugin: 'docker-python', options: { defaults: { env: { SHARED: 'yes' } } } }],
    });
    await run(tree);
    expect(text(tree, DOCKERFILE)).toContain('SHARED');
    expect(text(tree, SETTINGS)).not.toContain('SHARED');
  });

  it('of the workspace that the list with an added server would replace are part of it', async () => {
    const pin = (name: string): string => `${name}==1.0 --hash=sha256:${'0'.repeat(64)}`;
    const added = async (settings: object): Promise<unknown> => {
      const tree = workspaceTree({ api: { ...FLASK, 'requirements.txt': 'flask==3.1.0\n' } });
      const defaults = { extraRequirements: [pin('sentry-sdk')] };
      updateNxJson(tree, { plugins: [{ plugin: 'docker-python', options: { defaults } }] });
      tree.write(SETTINGS, JSON.stringify({ version: 1, ...settings }));
      await run(tree);
      const { extraRequirements } = readJson<{ extraRequirements: string[] }>(tree, SETTINGS);
      return extraRequirements.map((entry) => entry.split('==')[0]);
    };
    expect(await added({})).toEqual(['sentry-sdk', 'gunicorn']);
    expect(await added({ extraRequirements: [pin('jq')] })).toEqual(['jq', 'gunicorn']);
  });
});

describe('a Dockerfile that is there', () => {
  it('of somebody else is refused, and nothing is written', async () => {
    const tree = workspaceTree({ api: { ...FLASK, Dockerfile: FOREIGN } });
    const before = filesOf(tree);
    expect(await complaint(() => setup(tree, { project: 'api' }))).toMatch(
      /^FILE_EXISTS: apps\/api\/Dockerfile /,
    );
    expect(filesOf(tree)).toEqual(before);
  });

  it('is compared with the managed one', async () => {
    const tree = workspaceTree({ api: { ...FLASK, Dockerfile: FOREIGN } });
    expect(await complaint(() => setup(tree, { project: 'api' }))).toMatch(
      /it is kept\.\n\nWhat the managed one would change:\n {2}base image +python:3\.12 -> python:3\.13-slim-trixie\n[\s\S]*copied +the whole context -> [\s\S]*What to do: Nothing was changed\. With --replace/,
    );
  });

  it.each(['replace', 'overwrite'])(
    'is replaced with --%s, and the command that only it named is kept',
    async (option) => {
      const tree = workspaceTree({ api: { ...FLASK, Dockerfile: FOREIGN } });
      expect(await run(tree, { [option]: true })).toMatch(
        /Against the Dockerfile that was there:\n {2}base image/,
      );
      expect(ownership(text(tree, DOCKERFILE))).toBe('managed');
      expect(text(tree, DOCKERFILE)).toContain('exec gunicorn --bind 0.0.0.0:"$PORT" --workers 7 app:app');
      const after = filesOf(tree);
      await run(tree);
      expect(filesOf(tree)).toEqual(after);
    },
  );

  it('keeps the migration of its entry script as a process, and the path of its health check', async () => {
    const tree = workspaceTree({
      api: {
        ...FLASK,
        'entrypoint.sh': '#!/bin/sh\nset -e\nflask db upgrade\nexec gunicorn --bind 0.0.0.0:8080 app:app\n',
        Dockerfile: `FROM python:3.13\nCOPY . .\nRUN pip install -r requirements.txt\nEXPOSE 8080
RUN SECRET_KEY=build DATABASE_URL="sqlite://" HOME=$(pwd) python manage.py collectstatic --noinput\n
HEALTHCHECK --interval=30s CMD curl -fsS http://localhost:8080/healthz || exit 1\nENTRYPOINT ["./entrypoint.sh"]\n`,
      },
    });
    expect(await complaint(() => setup(tree, { project: 'api' }))).toMatch(
      /\n {2}process +migrate: flask db upgrade\n +\(apps\/api\/entrypoint\.sh:4; the image does not start it/,
    );
    await run(tree, { replace: true });
    expect(readJson(tree, SETTINGS)).toMatchObject({
      port: 8080,
      healthCheck: { path: '/healthz' },
      collectStatic: { env: { SECRET_KEY: 'build', DATABASE_URL: 'sqlite://' } },
      processes: {
        web: expect.arrayContaining(['gunicorn', 'app:app']) as string[],
        migrate: ['flask', 'db', 'upgrade'],
      },
    });
    expect(text(tree, DOCKERFILE)).toMatch(/"path": ?"\/healthz"[\s\S]*CMD \["web"\]/);
    expect(text(tree, DOCKERFILE)).toContain('flask db upgrade');
  });

  it('of ours, edited by hand, is left alone', async () => {
    const tree = workspaceTree();
    await run(tree);
    tree.write(DOCKERFILE, `${text(tree, DOCKERFILE)}# mine\n`);
    expect(await run(tree, { port: 9000 })).toContain(`${DOCKERFILE}: edited by hand, left alone`);
    expect(text(tree, DOCKERFILE)).toContain('# mine');
  });

  it('of ours, edited by hand, is replaced with --overwrite, and not with --replace', async () => {
    const tree = workspaceTree();
    await run(tree);
    for (const path of [DOCKERFILE, IGNORE]) tree.write(path, `${text(tree, path)}# mine\n`);
    const edited = filesOf(tree);
    expect(await run(tree, { replace: true })).toContain(`${DOCKERFILE}: edited by hand, left alone`);
    expect(filesOf(tree)).toEqual(edited);
    await run(tree, { overwrite: true });
    for (const path of [DOCKERFILE, IGNORE]) expect(ownership(text(tree, path))).toBe('managed');
  });

  it('of somebody else takes an ignore file that was never ours with it, and no other', async () => {
    const theirs = { Dockerfile: FOREIGN, 'Dockerfile.dockerignore': 'secrets\n' };
    const tree = workspaceTree({ api: { ...FLASK, ...theirs } });
    await run(tree, { replace: true });
    for (const path of [DOCKERFILE, IGNORE]) expect(ownership(text(tree, path))).toBe('managed');

    const edited = `${text(tree, IGNORE)}# mine\n`;
    for (const [dockerfile, ignore] of [
      [FOREIGN, edited],
      [text(tree, DOCKERFILE), 'secrets\n'],
    ] as const) {
      tree.write(DOCKERFILE, dockerfile);
      tree.write(IGNORE, ignore);
      await run(tree, { replace: true });
      expect(ownership(text(tree, DOCKERFILE))).toBe('managed');
      expect(text(tree, IGNORE)).toBe(ignore);
    }
  });

  it('of ours with Windows line ends is ours', async () => {
    const tree = workspaceTree();
    await run(tree);
    tree.write(DOCKERFILE, text(tree, DOCKERFILE).replaceAll('\n', '\r\n'));
    expect(await run(tree)).toContain(`${DOCKERFILE}: current`);
  });
});

it('names a target of the project that takes the place of ours', async () => {
  const tree = workspaceTree();
  expect(await run(tree)).not.toContain('of its own');
  const project = readJson<{ targets: object }>(tree, 'apps/api/project.json');
  tree.write('apps/api/project.json', JSON.stringify({ ...project, targets: { push: { command: 'x' } } }));
  expect((await run(tree)).replace(/\s+/g, ' ')).toMatch(/target "push" of its own.*"targets": \{ "push":/);
});

describe('setup of a project with secrets', () => {
  const withSecret = (rotates: boolean): Tree => {
    const tree = workspaceTree();
    const buildEnv = { TOKEN: { secret: { env: 'HOST_TOKEN' }, rotates } };
    tree.write(SETTINGS, JSON.stringify({ version: 1, buildEnv }));
    return tree;
  };
  const salt = (tree: Tree): unknown => readJson<{ secretsSalt?: string }>(tree, SETTINGS).secretsSalt;

  it('writes a salt once, and another one for another project', async () => {
    const [tree, other] = [withSecret(false), withSecret(false)];
    for (const one of [tree, other]) await run(one);
    const written = salt(tree);
    expect(written).toMatch(/^[\w-]{24}$/);
    expect(salt(other)).not.toBe(written);
    await run(tree);
    expect(salt(tree)).toBe(written);
  });

  it('writes none for what rotates', async () => {
    const tree = withSecret(true);
    await run(tree);
    expect(salt(tree)).toBeUndefined();
  });
});
