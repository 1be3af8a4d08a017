import { randomUUID } from 'node:crypto';
import { attempt } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { makeCertificates, type Certificates } from './harness/certificates';
import { docker, removeImages, startContainer } from './harness/docker';
import { blocksOf } from './harness/pages';
import { createWorkspace, type Workspace } from './harness/workspace';

/** Unlike that of any other run: which commit built an image can be told of one alone that no engine has met. */
const APP = `from flask import Flask

# ${randomUUID()}
app = Flask(__name__)


@app.get("/")
def index():
    return "ok"
`;
const PINNED = 'flask==3.1.3\ngunicorn==27.0.1\n';
const OWN = 'e2e-own';
const OLD = 'e2e-old';

const PAGE = 'docs/organisation.md';
/** The page's templates, and its plugin of the workspace that calls the generators of this one. */
const [[TEMPLATE, RECIPE], [GENERATOR]] = [blocksOf(PAGE, 'dockerfile'), blocksOf(PAGE, 'js')];

/** The page's recipe for services that trust an authority of their own, to go on with a template. */
function trusting(ca: string): string {
  return RECIPE!.replace('{default}\n', '').replace(/^-----BEGIN .* CERTIFICATE-----\n/ms, ca);
}

/** A service of that authority on this machine, and a client. */
const CLIENT = `import http.server, os, pathlib, ssl, threading, urllib.request

for name in ("CERT", "KEY"):
    pathlib.Path("/tmp", name).write_text(os.environ[name])
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/tmp/CERT", "/tmp/KEY")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(urllib.request.urlopen(f"https://localhost:{server.server_port}/").status)
`;

describe('an organisation with ways of its own', () => {
  let workspace: Workspace;

  let authority: Certificates;

  beforeAll(async () => {
    await removeImages(OWN, OLD);
    authority = await makeCertificates(['localhost']);
    workspace = await createWorkspace(NEWEST, {
      'nx.json': JSON.stringify({
        defaultBase: 'main',
        analytics: false,
        plugins: [
          {
            plugin: 'docker-python',
            options: {
              templates: 'tools/docker-python',
              defaults: { env: { REGION: 'eu', SSL_CERT_FILE: '/etc/acme/bundle.pem' }, buildInfo: true },
            },
          },
        ],
      }),
      'tools/docker-python/base.Dockerfile': `${TEMPLATE!}${trusting(authority.ca)}`,
      'tools/docker-python/runtime.Dockerfile': '{default}\nLABEL com.acme.base="{base}"\n',
      'tools/acme/package.json': JSON.stringify({ name: '@acme/nx', generators: './generators.json' }),
      'tools/acme/generators.json': JSON.stringify({
        generators: {
          service: { factory: './service.js', schema: './schema.json', description: 'A service' },
        },
      }),
      'tools/acme/schema.json': JSON.stringify({
        $id: 'service',
        type: 'object',
        properties: { project: { type: 'string', $default: { $source: 'argv', index: 0 } } },
      }),
      'tools/acme/service.js': GENERATOR!,
      [`apps/${OWN}/project.json`]: JSON.stringify({ name: OWN }),
      [`apps/${OWN}/app.py`]: APP,
      [`apps/${OWN}/requirements.txt`]: PINNED,
      [`apps/${OWN}/pyproject.toml`]: `[project]\nname = "${OWN}"\nversion = "1.4.0"\ndependencies = ["flask", "gunicorn"]\n`,
      [`apps/${OLD}/project.json`]: JSON.stringify({ name: OLD }),
      [`apps/${OLD}/app.py`]: APP,
      [`apps/${OLD}/requirements.txt`]: PINNED,
      [`apps/${OLD}/Dockerfile`]:
        'FROM python:3.13\nENV GREETING=hi\nRUN apt-get update && apt-get install -y ffmpeg\nCOPY config /config\nCOPY . /app\nCMD ["gunicorn", "--workers", "3", "app:app"]\n',
      'config/x.yaml': '',
    });
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(OWN, OLD);
  });

  it('sets services up by a generator of its own, with its templates and defaults', async () => {
    await workspace.nx('g', './tools/acme:service', OWN);
    expect(workspace.read(`apps/${OWN}/catalog-info.yaml`)).toContain(OWN);
    expect(workspace.read(`apps/${OWN}/docker-python.json`)).toContain('9000');
    await workspace.commit('set up');
    await workspace.nx('docker-build', OWN);
    expect(await docker('run', '--rm', '--entrypoint=cat', OWN, '/etc/acme-release')).toMatch(
      /^Acme platform, on python:3\./,
    );
    expect(
      await docker('image', 'inspect', '--format={{index .Config.Labels "com.acme.base"}}', OWN),
    ).toContain('python:');
    const container = await startContainer(OWN, 9000);
    expect((await container.get('/')).body).toBe('ok');
    await container.remove();
  });

  it('has services that trust an authority of its own, as the page says', async () => {
    const asked = (...options: string[]): ReturnType<typeof attempt> =>
      attempt('docker', [
        ...['run', '--rm', `--env=CERT=${authority.cert}`, `--env=KEY=${authority.key}`, ...options],
        ...['--entrypoint=python', OWN, '-c', CLIENT],
      ]);
    expect(await asked()).toMatchObject({ ok: true, output: expect.stringMatching(/^200$/m) as string });
    const { output } = await asked('--env=SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt');
    expect(output).toContain('CERTIFICATE_VERIFY_FAILED');
  });

  it('follows its templates: sync:check finds a change', async () => {
    const template = 'tools/docker-python/runtime.Dockerfile';
    workspace.write(template, `${workspace.read(template)}LABEL com.acme.second="2"\n`);
    expect(await workspace.failsNx('sync:check')).toContain(`apps/${OWN}/Dockerfile is out of date`);
    await workspace.nx('sync');
    expect(workspace.read(`apps/${OWN}/Dockerfile`)).toContain('com.acme.second');
    await workspace.commit('second label');
  });

  it('knows in the container where the image comes from, and a new commit alone makes no other image', async () => {
    await workspace.nx('docker-build', OWN);
    const head = async (): Promise<string> =>
      (await workspace.run('git', ['rev-parse', 'HEAD'])).output.trim();
    const first = await head();
    const program = 'import json, os; print(json.dumps(json.loads(os.environ["DOCKER_PYTHON_BUILD_INFO"])))';
    const info = async (): Promise<unknown> =>
      JSON.parse(await docker('run', '--rm', '--entrypoint=python', OWN, '-c', program));
    expect(await info()).toEqual({ title: OWN, version: '1.4.0', revision: first });
    const layers = async (): Promise<string> =>
      docker('image', 'inspect', '--format={{json .RootFS.Layers}}', OWN);
    const before = await layers();
    workspace.write('elsewhere.txt', 'x');
    await workspace.commit('elsewhere');
    expect(await workspace.nx('docker-build', OWN, '--skip-nx-cache')).toContain('unchanged: the engine has');
    // Gone and built again, it says the new commit, and every layer is as it was.
    await removeImages(OWN);
    await workspace.nx('docker-build', OWN, '--skip-nx-cache');
    expect(await layers()).toBe(before);
    const second = await head();
    expect(second).not.toBe(first);
    expect(await info()).toEqual({ title: OWN, version: '1.4.0', revision: second });
  });

  it('keeps a Dockerfile that is there, and says what the managed one would change', async () => {
    const before = workspace.read(`apps/${OLD}/Dockerfile`);
    const { exitCode, output } = await workspace.tryNx('g', 'docker-python:setup', OLD);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('FILE_EXISTS: ');
    expect(output).toMatch(/base image +python:3\.13 -> python:3\.13-slim-trixie/);
    expect(output).toMatch(/variable +GREETING would be gone/);
    expect(output).toMatch(/system package +ffmpeg would be gone/);
    expect(output).toMatch(/copied +config would not be sent/);
    expect(workspace.read(`apps/${OLD}/Dockerfile`)).toBe(before);
    expect((await workspace.run('git', ['status', '--porcelain'])).output).toBe('');
  });

  it('and replaces it when asked; what only it said is kept', async () => {
    await workspace.nx('g', 'docker-python:setup', OLD, '--replace');
    expect(workspace.read(`apps/${OLD}/docker-python.json`)).toContain('--workers');
    await workspace.commit('replaced');
    await workspace.nx('docker-build', OLD);
    const container = await startContainer(OLD, 8000);
    expect((await container.get('/')).body).toBe('ok');
    await container.remove();
  });
});
