import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startRegistry } from '../../tools/registry/start-registry';
import { run } from '../../tools/shell';
import { uvCommand } from '../../tools/uv/lock';
import { advisoryDatabase } from './advisory-database';
import { makeCertificates } from './certificates';
import { removeImages } from './docker';
import { startPackageIndexes } from './package-index';

const FIXTURES = join(__dirname, '../../packages/docker-python/fixtures');
const EXAMPLE = join(__dirname, '../../packages/docker-python/src/generators/example/files');

/** The workspace of a reader, and the environment of the terminal. */
export interface Desk {
  readonly root: string;
  /** Shared by all pages: what one page adds, it takes back. */
  readonly environment: Record<string, string>;
}

/** Makes what a page takes for granted; what comes back takes it away again. */
type Setting = (desk: Desk) => Promise<() => Promise<void>>;

const NOTHING = (): Promise<void> => Promise.resolve();

/** What a page may take for granted beside the workspace, by name. */
export const PAGE_SETTINGS = {
  /** `registry` in nx.json, as docs/push.md wants it. */
  'a registry': async (desk) => {
    const registry = await startRegistry();
    const back = changeNxJson(desk, (json) => {
      json.plugins = [
        { plugin: 'docker-python', options: { defaults: { registry: `${registry.host}/acme` } } },
      ];
    });
    return async () => {
      back();
      await registry.stop();
      await removeImages(...['hello', 'api'].map((name) => `${registry.host}/acme/${name}`));
    };
  },

  /** A repository that others have too. */
  'a remote': async (desk) => {
    const origin = mkdtempSync(join(tmpdir(), 'docker-python-origin-'));
    await run('git', ['init', '--quiet', '--bare', origin]);
    await git(desk, 'remote', 'add', 'origin', origin);
    return async () => {
      await git(desk, 'remote', 'remove', 'origin');
      rmSync(origin, { recursive: true });
    };
  },

  /** A database of vulnerabilities that knows one of the pins, named as docs/audit.md says. */
  'a database of vulnerabilities': async (desk) => {
    const [, version] = /^itsdangerous==(\S+)/m.exec(read(desk, 'apps/api/requirements.txt'))!;
    const database = await advisoryDatabase([
      {
        schema_version: '1.7.3',
        id: 'GHSA-aaaa-bbbb-cccc',
        aliases: ['CVE-2026-0001'],
        published: '2026-01-01T00:00:00Z',
        modified: '2026-01-01T00:00:00Z',
        summary: 'made up',
        database_specific: { severity: 'MODERATE' },
        affected: [
          {
            package: { name: 'itsdangerous', ecosystem: 'PyPI', purl: 'pkg:pypi/itsdangerous' },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '99' }] }],
            versions: [version!],
          },
        ],
      },
    ]);
    const back = changeNxJson(desk, (json) => {
      json.targetDefaults = {
        'docker-python:audit': { options: { database: `${database.address}/v1/query` } },
      };
    });
    return async () => {
      back();
      await database.close();
    };
  },

  /** `api` before anything of this plugin, with a Dockerfile that somebody wrote. */
  'a Dockerfile of its own': (desk) => {
    for (const name of ['docker-python.json', 'Dockerfile', 'Dockerfile.dockerignore', 'docker'])
      rmSync(join(desk.root, 'apps/api', name), { recursive: true });
    write(desk, 'config/defaults.ini', '[api]\n');
    write(
      desk,
      'apps/api/Dockerfile',
      [
        'FROM python:3.13',
        'RUN apt-get update && apt-get install -y ffmpeg',
        'WORKDIR /app',
        'COPY config /app/config',
        'COPY apps/api /app',
        'RUN pip install -r requirements.txt',
        'CMD ["gunicorn", "app:app"]\n',
      ].join('\n'),
    );
    return Promise.resolve(NOTHING);
  },

  /** Two services under one uv.lock, one of which installs `idna`, on a branch; and a machine with uv. */
  'a shared lock': async (desk) => {
    const manifest = (name: string, needs: string): string =>
      `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = "==3.13.*"\ndependencies = ["${needs}"]\n`;
    write(desk, 'pyproject.toml', '[tool.uv.workspace]\nmembers = ["services/*"]\n');
    for (const [name, needs] of [
      ['names', 'idna'],
      ['shapes', 'six'],
    ] as const) {
      write(desk, `services/${name}/pyproject.toml`, manifest(name, needs));
      write(desk, `services/${name}/main.py`, 'print("done")\n');
      write(desk, `services/${name}/docker-python.json`, '{ "version": 1, "command": "python main.py" }\n');
    }
    // Only for locks: where uv is missing, nx sync asks the one of the image, as on a machine without it.
    const bin = join(desk.root, 'node_modules/.bin/uv');
    writeFileSync(
      bin,
      `#!/bin/sh\n[ "$1" = lock ] || exit 127\nexec ${uvCommand(desk.root).map(quoted).join(' ')} "$@"\n`,
    );
    chmodSync(bin, 0o755);
    desk.environment['PATH'] = `${dirname(bin)}:${process.env['PATH']}`;
    await run(bin, ['lock', '--upgrade-package', 'idna==3.9'], { cwd: desk.root });
    const nx = join(desk.root, 'node_modules/.bin/nx');
    await run(nx, ['sync'], { cwd: desk.root, env: desk.environment });
    await git(desk, 'add', '--all');
    await git(desk, 'commit', '--quiet', '--message', 'one lock');
    await git(desk, 'checkout', '--quiet', '-b', 'newer-idna');
    return async () => {
      delete desk.environment['PATH'];
      rmSync(bin);
      await git(desk, 'checkout', '--quiet', '-B', 'main');
    };
  },

  /** `pypi.acme.example`, which lets in whoever has the token. */
  'a private index': async (desk) => {
    const host = 'pypi.acme.example';
    const folder = mkdtempSync(join(tmpdir(), 'docker-python-curl-'));
    const certificates = await makeCertificates([host]);
    const indexes = await startPackageIndexes(
      { [host]: { user: 'reader', passwords: ['s3cret'], packages: {} } },
      certificates,
    );
    writeFileSync(join(folder, 'ca.pem'), certificates.ca);
    writeFileSync(
      join(folder, '.curlrc'),
      `connect-to = "${host}:443:127.0.0.1:${indexes.port}"\ncacert = "${folder}/ca.pem"\nnoproxy = "*"\n`,
    );
    Object.assign(desk.environment, { CURL_HOME: folder, ACME_TOKEN: 's3cret' });
    return async () => {
      for (const name of ['CURL_HOME', 'ACME_TOKEN']) delete desk.environment[name];
      rmSync(folder, { recursive: true });
      await indexes.stop();
    };
  },

  /** A key where OpenSSH keeps it. The agent that the page starts ends with its block. */
  'an SSH key': async (desk) => {
    const home = mkdtempSync(join(tmpdir(), 'docker-python-home-'));
    mkdirSync(join(home, '.ssh'), { mode: 0o700 });
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, '.ssh/id_ed25519')]);
    writeFileSync(join(home, 'at-the-end'), "trap 'ssh-agent -k' EXIT\n");
    Object.assign(desk.environment, { HOME: home, BASH_ENV: join(home, 'at-the-end') });
    return () => {
      for (const name of ['HOME', 'BASH_ENV']) delete desk.environment[name];
      rmSync(home, { recursive: true });
      return Promise.resolve();
    };
  },

  /** A Django project that has never heard of containers. */
  'a Django project': (desk) => {
    cpSync(join(FIXTURES, 'pip-django/project'), join(desk.root, 'apps/shop'), { recursive: true });
    write(desk, 'apps/shop/project.json', '{ "name": "shop" }\n');
    return Promise.resolve(NOTHING);
  },
} satisfies Record<string, Setting>;

export type PageSetting = keyof typeof PAGE_SETTINGS;

/** The service that pages speak of as `api`, with the same dependencies as the one of the tutorial. */
export function writeApi(desk: Desk): void {
  write(desk, 'apps/api/project.json', '{ "name": "api" }\n');
  write(desk, 'apps/api/requirements.txt', readFileSync(join(EXAMPLE, 'requirements.txt.template'), 'utf8'));
  write(
    desk,
    'apps/api/app.py',
    'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef api():\n    return "api\\n"\n',
  );
}

function read({ root }: Desk, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function write({ root }: Desk, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Changes nx.json; what comes back restores what was there. */
function changeNxJson(
  desk: Desk,
  change: (json: { plugins?: unknown[]; targetDefaults?: object }) => void,
): () => void {
  const before = read(desk, 'nx.json');
  const json = JSON.parse(before) as Parameters<typeof change>[0];
  change(json);
  write(desk, 'nx.json', JSON.stringify(json, null, 2));
  return () => write(desk, 'nx.json', before);
}

function git({ root }: Desk, ...argv: string[]): Promise<string> {
  return run('git', argv, { cwd: root });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
