import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UV } from '../packages/docker-python/src/detection/managers/tools';
import { readPins } from '../packages/docker-python/src/pins/read-pins';
import { NEWEST } from '../tools/workspace/nx-versions';
import { makeCertificates } from './harness/certificates';
import { ranAgain, recordIn } from './harness/build-checks';
import { docker, outputOf, removeImages } from './harness/docker';
import { serveFiles, type FileServer } from './harness/file-server';
import { startForwardProxy, type ForwardProxy } from './harness/forward-proxy';
import { filesBelow, imagePlaces, leaks, watchArguments, type Places } from './harness/leaks';
import { startPackageIndexes, type PackageIndexes } from './harness/package-index';
import { wheel, type ServedWheel } from './harness/wheel';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

/** Two indexes of one company, each with packages that nobody else has. */
const ACME = 'index.acme.test';
const BETA = 'index.beta.test';
/** Two on one host, for other readers each. */
const COOKS = `${ACME}/cooks`;
const TEAM = `${ACME}/team`;
const SECRETS = {
  ACME_PASSWORD: 'acme/Pa55+word-Zq8',
  ACME_TOKEN: 'acme-T0ken-Rr6xB2',
  BETA_TOKEN: 'beta-T0ken-Yw7vN3',
  // Another one in every run: an engine that has seen it before builds nothing anew for it.
  BETA_TOKEN_RENEWED: `beta-T0ken-${randomUUID()}`,
  TEAM_PASSWORD: 'team/Pa55+word-Lk2',
  PROXY_PASSWORD: 'pr0xy-Pa55-Hd5',
  CLIENT_PASSWORD: 'cl1ent-Pa55-Vb9',
};
const HOST = {
  ACME_PASSWORD: SECRETS.ACME_PASSWORD,
  ACME_TOKEN: SECRETS.ACME_TOKEN,
  BETA_TOKEN: SECRETS.BETA_TOKEN,
  TEAM_PASSWORD: SECRETS.TEAM_PASSWORD,
};

/** A registry that is not there: the engine has an image of this name. */
const MIRROR = 'mirror.acme.test/dockerhub';
const BASE = 'python:3.13-slim-trixie';

/** These are reached directly. */
const NO_PROXY = `no-proxy-for.acme.test,${ACME},${BETA}`;

const MAIN = 'import acme_sauce, beta_spice\n\nprint(acme_sauce.FLAVOUR, beta_spice.FLAVOUR)\n';

/** A target that prints a secret and writes it into its output, as no target should. */
const LEAKY = {
  name: 'leaky',
  targets: {
    leak: {
      executor: 'nx:run-commands',
      cache: true,
      outputs: ['{workspaceRoot}/dist/leaky'],
      options: {
        command:
          "node -e \"const t=process.env.BETA_TOKEN; console.log(t); fs.mkdirSync('dist/leaky',{recursive:true}); fs.writeFileSync('dist/leaky/record.json',JSON.stringify({t}))\"",
      },
    },
  },
};

/** A Dockerfile that does everything wrong: a secret as an argument, in the image, in its environment. */
const LEAKING = [
  `FROM ${BASE}`,
  'ARG LEAK',
  'ENV LEAKED=$LEAK',
  'RUN echo "said $LEAK"; printf %s "reader:$LEAK" | base64 > /leak; sh -c "sleep 1; :" "$LEAK"',
  '',
].join('\n');

/** Each manager as its users write it: names of indexes with variables for them, or variables in the address. */
function manifests(port: number): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const [acme, beta] = [`https://${ACME}:${port}/simple/`, `https://${BETA}:${port}/simple/`];
  const secretAcme = `https://reader:\${ACME_TOKEN}@${ACME}:${port}/simple/`;
  const secretBeta = `https://reader:\${BETA_TOKEN}@${BETA}:${port}/simple/`;
  const project = '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.13"\ndependencies = [';
  return {
    pip: {
      'requirements.txt': `--extra-index-url ${secretAcme}\n--extra-index-url ${secretBeta}\nacme-sauce\nbeta-spice\n`,
    },
    uv: {
      'pyproject.toml': `${project}"acme-sauce", "beta-spice"]\n
[tool.uv.sources]\nacme-sauce = { index = "acme" }\n
[[tool.uv.index]]\nname = "acme"\nurl = "${acme}"\nexplicit = true\n
[[tool.uv.index]]\nname = "beta"\nurl = "${beta}"\n`,
    },
    poetry: {
      'pyproject.toml': `[tool.poetry]\npackage-mode = false\n
[tool.poetry.dependencies]\npython = ">=3.13,<4"
acme-sauce = { version = "*", source = "acme" }\nbeta-spice = { version = "*", source = "beta" }\n
[[tool.poetry.source]]\nname = "acme"\nurl = "${acme}"\npriority = "explicit"\n
[[tool.poetry.source]]\nname = "beta"\nurl = "${beta}"\npriority = "explicit"\n`,
    },
    pdm: {
      'pyproject.toml': `${project}"acme-sauce", "beta-spice"]\n
[tool.pdm]\ndistribution = false\n
[[tool.pdm.source]]\nname = "acme"\nurl = "${secretAcme}"\n
[[tool.pdm.source]]\nname = "beta"\nurl = "${secretBeta}"\n`,
    },
    pipenv: {
      Pipfile: `[[source]]\nname = "acme"\nurl = "${secretAcme}"\nverify_ssl = true\n
[[source]]\nname = "beta"\nurl = "${secretBeta}"\nverify_ssl = true\n
[packages]\nacme-sauce = { version = "*", index = "acme" }\nbeta-spice = { version = "*", index = "beta" }\n
[requires]\npython_version = "3.13"\n`,
    },
    // Two more ways that are nobody's in particular: by host, and by the environment.
    netrc: {
      'requirements.in': `--extra-index-url ${acme}\n--extra-index-url ${beta}\nacme-sauce\nbeta-spice\n`,
    },
    // Named indexes of one host.
    team: {
      'pyproject.toml': `${project}"acme-sauce", "beta-spice"]\n
[[tool.uv.index]]\nname = "acme"\nurl = "${acme.replace('/simple', '/cooks/simple')}"\n
[[tool.uv.index]]\nname = "team"\nurl = "${acme.replace('/simple', '/team/simple')}"\n`,
    },
    environment: { 'requirements.txt': 'acme-sauce\nbeta-spice\n' },
    // No index at all, but a page with wheels.
    offline: { 'requirements.txt': 'acme-sauce\nbeta-spice\n' },
  };
}

const secret = (env: string): object => ({ secret: { env } });

/** Settings of single projects beside those of the workspace. */
const settingsOf = (manager: string, port: number, wheels: string): object | undefined =>
  (
    ({
      netrc: {
        installer: 'pip',
        buildEnv: { NETRC: { secret: { file: 'secrets/netrc' }, rotates: true } },
      },
      offline: {
        buildEnv: {
          PIP_NO_INDEX: '1',
          PIP_FIND_LINKS: `${wheels}/`,
          PIP_TRUSTED_HOST: new URL(wheels).host,
        },
      },
      environment: {
        registryMirror: MIRROR,
        installer: { name: 'uv', source: `https://reader:\${ACME_TOKEN}@${ACME}:${port}/simple/` },
        buildEnvFile: '.env.build',
        buildEnv: { PIP_EXTRA_INDEX_URL: secret('ACME_AND_BETA') },
      },
    }) as Readonly<Record<string, object>>
  )[manager];

/** A wheel of the public index, for this machine. */
async function releasedWheel(requirement: string): Promise<ServedWheel> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-wheel-'));
  const ca = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
  const script = `python -m venv /tmp/v && /tmp/v/bin/pip download --quiet --no-deps --dest /wheels ${requirement}`;
  try {
    const mounts = [`--volume=${folder}:/wheels`, `--volume=${ca}:/ca:ro`, '--env=PIP_CERT=/ca'];
    await docker('run', '--rm', ...mounts, BASE, 'sh', '-c', script);
    const [file] = readdirSync(folder) as [string];
    const bytes = readFileSync(join(folder, file));
    return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wheels, and the page that links to them. */
function pageOf(wheels: readonly ServedWheel[]): ReadonlyMap<string, Buffer> {
  const links = wheels.map(({ file, sha256 }) => `<a href="${file}#sha256=${sha256}">${file}</a>`);
  return new Map([
    ...wheels.map(({ file, bytes }) => [`/${file}`, bytes] as const),
    ['/', Buffer.from(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`)],
  ]);
}

/** A configuration of the client with its plugins, and proxies. */
function configureClient(folder: string): void {
  const plugins = join(homedir(), '.docker/cli-plugins');
  if (existsSync(plugins)) symlinkSync(plugins, join(folder, 'cli-plugins'));
  const proxies = {
    default: { ftpProxy: `http://me:${SECRETS.CLIENT_PASSWORD}@proxy.test`, noProxy: 'x.test' },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ proxies }));
}

describe('packages that only a private index has', () => {
  const managers = Object.keys(manifests(0));
  const cache = mkdtempSync(join(tmpdir(), 'docker-python-cache-'));
  let indexes: PackageIndexes;
  let workspace: Workspace;
  let output = '';
  let authority = '';
  let argumentsSeen: Buffer;
  let proxy: ForwardProxy;
  let wheels: FileServer;
  /** Accepts, and never answers. */
  const hanging = createServer();
  /** Of the client, with a proxy that nobody uses, which it gives to every build on its own. */
  const client = mkdtempSync(join(tmpdir(), 'docker-python-client-'));

  const nx = (
    argv: readonly string[],
    env: Readonly<Record<string, string>> = HOST,
  ): ReturnType<Workspace['run']> =>
    workspace.run(process.execPath, [join(workspace.root, 'node_modules/nx/dist/bin/nx.js'), ...argv], {
      NO_PROXY,
      HTTPS_PROXY: proxy.url,
      DOCKER_CONFIG: client,
      ...env,
    });
  /** Those of them that have pins of their own; the others are resolved in every build. */
  const pinned = {
    uv: 'uv.lock',
    poetry: 'poetry.lock',
    pdm: 'pdm.lock',
    pipenv: 'Pipfile.lock',
    netrc: 'requirements.txt',
  };
  const pinAll = (
    env?: Readonly<Record<string, string>>,
    ...options: string[]
  ): ReturnType<Workspace['run']> =>
    nx(
      [
        ...['run-many', '--target=pin-deps', '--parallel=2', '--outputStyle=static', '--nxBail=false'],
        `--projects=${[...Object.keys(pinned), 'team'].map((name) => `e2e-index-${name}`).join(',')}`,
        ...options,
      ],
      env,
    );
  const netrc = (token: string): string =>
    `machine ${ACME} login reader password ${SECRETS.ACME_PASSWORD}\nmachine ${BETA} login reader password ${token}\n`;

  beforeAll(async () => {
    const certificates = await makeCertificates([ACME, BETA]);
    const [sauce, spice] = [wheel('acme-sauce', '1.0', 'hot'), wheel('beta-spice', '2.0', 'mild')];
    const uv = await releasedWheel(UV);
    wheels = await serveFiles(pageOf([sauce, spice, uv]));
    indexes = await startPackageIndexes(
      {
        [ACME]: {
          user: 'reader',
          passwords: [SECRETS.ACME_PASSWORD, SECRETS.ACME_TOKEN],
          packages: { 'acme-sauce': sauce, uv },
        },
        [BETA]: {
          user: 'reader',
          passwords: [SECRETS.BETA_TOKEN, SECRETS.BETA_TOKEN_RENEWED],
          packages: { 'beta-spice': spice },
        },
        [COOKS]: {
          user: 'reader',
          passwords: [SECRETS.ACME_PASSWORD],
          packages: { 'acme-sauce': sauce },
        },
        [TEAM]: {
          user: 'member',
          passwords: [SECRETS.TEAM_PASSWORD],
          packages: { 'beta-spice': spice },
        },
      },
      certificates,
    );
    proxy = await startForwardProxy('me', SECRETS.PROXY_PASSWORD);
    configureClient(client);
    const system = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
    const files: Record<string, string> = {
      'ca.pem': `${readFileSync(system, 'utf8')}\n${certificates.ca}`,
      'apps/leaky/project.json': JSON.stringify(LEAKY),
    };
    for (const [manager, texts] of Object.entries(manifests(indexes.port))) {
      const root = `apps/e2e-index-${manager}`;
      for (const [name, text] of Object.entries(texts)) files[`${root}/${name}`] = text;
      files[`${root}/main.py`] = MAIN;
      files[`${root}/project.json`] = JSON.stringify({ name: `e2e-index-${manager}` });
      files[`${root}/docker-python.json`] = JSON.stringify({
        version: 1,
        command: ['python', 'main.py'],
        python: '3.13',
        ...settingsOf(manager, indexes.port, wheels.url),
      });
    }
    workspace = await createWorkspace(NEWEST, files);
    const defaults = {
      caBundle: 'ca.pem',
      secretsSalt: 'a-salt-of-this-test-0123456789',
      buildEnv: {
        UV_INDEX_ACME_USERNAME: 'reader',
        UV_INDEX_ACME_PASSWORD: secret('ACME_PASSWORD'),
        UV_INDEX_BETA_USERNAME: 'reader',
        UV_INDEX_BETA_PASSWORD: secret('BETA_TOKEN'),
        UV_INDEX_TEAM_USERNAME: 'member',
        UV_INDEX_TEAM_PASSWORD: secret('TEAM_PASSWORD'),
        POETRY_HTTP_BASIC_ACME_USERNAME: 'reader',
        POETRY_HTTP_BASIC_ACME_PASSWORD: secret('ACME_PASSWORD'),
        POETRY_HTTP_BASIC_BETA_USERNAME: 'reader',
        POETRY_HTTP_BASIC_BETA_PASSWORD: secret('BETA_TOKEN'),
        ACME_TOKEN: secret('ACME_TOKEN'),
        BETA_TOKEN: secret('BETA_TOKEN'),
      },
      extraBuildArgs: [
        ...[ACME, BETA].map((host) => `--add-host=${host}:host-gateway`),
        '--provenance=mode=max',
        `--cache-to=type=local,dest=${cache},mode=max`,
      ],
    };
    workspace.write(
      'nx.json',
      JSON.stringify({ analytics: false, plugins: [{ plugin: 'docker-python', options: { defaults } }] }),
    );
    workspace.write('.gitignore', `${workspace.read('.gitignore')}secrets\n.env.build\n`);
    const both = [
      `https://reader:${encodeURIComponent(SECRETS.ACME_PASSWORD)}@${ACME}:${indexes.port}/simple/`,
      `https://reader:${SECRETS.BETA_TOKEN}@${BETA}:${indexes.port}/simple/`,
    ];
    workspace.write('apps/e2e-index-environment/.env.build', `ACME_AND_BETA="${both.join(' ')}"\n`);
    workspace.write('secrets/netrc', netrc(SECRETS.BETA_TOKEN));
    authority = certificates.ca;
    await docker('tag', BASE, `${MIRROR}/library/${BASE}`);
    const watch = watchArguments();
    output = (await pinAll()).output;
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    const built = await nx([
      ...['run-many', '--target=docker-build', '--parallel=1', '--outputStyle=static', '--nxBail=false'],
    ]);
    output += built.output;
    if (built.exitCode !== 0) throw new Error(output.slice(-5_000));
    argumentsSeen = await watch.stop();
  }, 10 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    for (const folder of [cache, client]) rmSync(folder, { recursive: true, force: true });
    proxy.stop();
    wheels.close();
    hanging.close();
    await indexes.stop();
    await removeImages('e2e-index-*', `${MIRROR}/library/python`);
  }, MINUTES);

  it.each(managers)('are installed by %s', async (manager) => {
    expect(await outputOf(`e2e-index-${manager}`)).toBe('hot mild');
  });

  it.each(Object.entries(pinned))('are pinned by %s, in files that have no credentials', (manager, file) => {
    const text = workspace.read(`apps/e2e-index-${manager}/${file}`);
    expect([...readPins(text)].map(([name, { versions, hashes }]) => [name, versions, hashes.size])).toEqual([
      ['acme-sauce', ['1.0'], 1],
      ['beta-spice', ['2.0'], 1],
    ]);
    expect(output).toContain(`e2e-index-${manager}: apps/e2e-index-${manager}/${file}\n`);
    expect(leaks(Object.values(SECRETS), [[file, Buffer.from(text)]])).toEqual([]);
  });

  it('are fetched through a proxy with a password, unless they are near', () => {
    expect(new Set(proxy.asked).size).toBeGreaterThan(0);
    expect(proxy.asked.filter((host) => host === ACME || host === BETA)).toEqual([]);
  });

  it('are found without any index, with the installer from where the settings say', () => {
    const file = (name: string): RegExp => new RegExp(`/${name}-[^/]*\\.whl$`);
    for (const name of ['uv', 'acme_sauce', 'beta_spice'])
      expect(wheels.asked).toContainEqual(expect.stringMatching(file(name)));
    expect(indexes.served).toContainEqual(expect.stringMatching(file('uv')));
  });

  it('are not waited for longer than the build environment says, whichever installer', async () => {
    await new Promise<void>((resolve) => hanging.listen(0, '0.0.0.0', resolve));
    const address = `${new URL(wheels.url).hostname}:${(hanging.address() as AddressInfo).port}`;
    workspace.write(
      'apps/slow/requirements.txt',
      `--extra-index-url http://${address}/simple/\nacme-sauce\n`,
    );
    workspace.write('apps/slow/main.py', MAIN);
    workspace.write('apps/slow/project.json', '{ "name": "slow" }');
    const buildEnv = { PIP_DEFAULT_TIMEOUT: '2', PIP_RETRIES: '0' };
    const settings = { version: 1, command: ['python', 'main.py'], python: '3.13', buildEnv };
    workspace.write('apps/slow/docker-python.json', JSON.stringify(settings));
    await workspace.nx('sync');
    const started = Date.now();
    const { exitCode, output: log } = await nx(['docker-build', 'slow', '--outputStyle=static']);
    expect(exitCode).not.toBe(0);
    expect(log).toMatch(/The step that failed: \[lock [^]*timed out/);
    // Left alone, uv waits for half a minute, several times.
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  it('leave no credentials anywhere', async () => {
    const images = await Promise.all(managers.map((manager) => imagePlaces(`e2e-index-${manager}`)));
    const places: Places = [
      ...images.flat(),
      ...filesBelow(cache, 'cache of layers'),
      ...filesBelow(join(workspace.root, '.nx'), 'Nx'),
      ...filesBelow(join(workspace.root, 'dist'), 'records'),
      ['terminal', Buffer.from(output)],
      ['arguments', argumentsSeen],
    ];
    expect(leaks(Object.values(SECRETS), places)).toEqual([]);
    const found = places.map(([place]) => place).join('\n');
    for (const kind of [
      /^image .*unpacked$/m,
      /^cache of layers: .*unpacked$/m,
      /^records: .*image\.runtime/m,
    ])
      expect(found).toMatch(kind);
    expect(argumentsSeen.toString()).toContain('--secret=id=BETA_TOKEN,env=BETA_TOKEN');
  });

  it('leave no certificate and no proxy in an image', async () => {
    const [, middle] = authority.split('\n');
    const places = await imagePlaces('e2e-index-uv');
    expect(leaks([middle!], places)).toEqual([]);
    expect(places.some(([, bytes]) => bytes.includes('slsa.dev/provenance'))).toBe(true);
    expect(leaks([NO_PROXY, proxy.url, SECRETS.CLIENT_PASSWORD], places)).toEqual([]);
  });

  it('would be found wherever a build leaves them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docker-python-leak-'));
    try {
      writeFileSync(join(folder, 'Dockerfile'), LEAKING);
      const watch = watchArguments();
      const options = ['--provenance=mode=max', `--cache-to=type=local,dest=${folder}/cache,mode=max`];
      const image = ['--no-cache', '--progress=plain', '--load', '--tag=e2e-index-leaky'];
      const leak = `--build-arg=LEAK=${SECRETS.BETA_TOKEN}`;
      const built = await workspace.run('docker', ['buildx', 'build', ...options, ...image, leak, folder]);
      const seen = await watch.stop();
      const kept = join(folder, 'nx');
      const nothing = await nx(['run', 'leaky:leak'], { ...HOST, NX_CACHE_DIRECTORY: kept });
      expect([built.exitCode, nothing.exitCode]).toEqual([0, 0]);
      const places: Places = [
        ...(await imagePlaces('e2e-index-leaky')),
        ...filesBelow(join(folder, 'cache'), 'cache of layers'),
        ...filesBelow(kept, 'Nx'),
        ...filesBelow(join(workspace.root, 'dist/leaky'), 'records'),
        ['terminal', Buffer.from(built.output)],
        ['arguments', seen],
      ];
      const found = leaks([SECRETS.BETA_TOKEN], places).join('\n');
      for (const kind of [
        'image e2e-index-leaky: .*unpacked$',
        'history',
        'configuration',
        'cache of layers: .*unpacked$',
      ])
        expect(found).toMatch(new RegExp(`^${kind}`, 'm'));
      for (const kind of ['Nx: ', 'records: ', 'terminal$', 'arguments$'])
        expect(found).toMatch(new RegExp(`^${kind}`, 'm'));
      const provenance = places.filter(
        ([place, bytes]) => /^image/.test(place) && bytes.includes('slsa.dev/provenance'),
      );
      expect(leaks([SECRETS.BETA_TOKEN], provenance)).not.toEqual([]);
    } finally {
      rmSync(join(workspace.root, 'dist/leaky'), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are built anew for another secret, in the layers that see it, and not for the same one', async () => {
    const record = (): string =>
      recordIn(workspace.root, 'dist/docker-python/apps/e2e-index-pip/image.runtime.json').contentKey;
    const before = record();
    const again = await nx(['docker-build', 'e2e-index-pip', '--outputStyle=static']);
    expect(again.output).toMatch(/existing outputs match the cache|local cache/);
    const renewed = { ...HOST, BETA_TOKEN: SECRETS.BETA_TOKEN_RENEWED };
    const { exitCode, output: log } = await nx(
      ['docker-build', 'e2e-index-pip', '--outputStyle=static'],
      renewed,
    );
    expect([exitCode, record() === before]).toEqual([0, false]);
    for (const stage of ['builder', 'lock', 'dependencies']) expect(ranAgain(log, stage)).not.toBe('');
    for (const stage of ['base', 'stdlib', 'application']) expect(ranAgain(log, stage)).toBe('');
    expect(leaks(Object.values(SECRETS), [['terminal', Buffer.from(log)]])).toEqual([]);
  });

  it('are not built anew for a secret that rotates', async () => {
    workspace.write('secrets/netrc', netrc(SECRETS.BETA_TOKEN_RENEWED));
    const again = await nx(['docker-build', 'e2e-index-netrc', '--outputStyle=static']);
    expect(again.output).toMatch(/existing outputs match the cache|local cache/);
  });

  it('are not even tried without the secret', async () => {
    const { exitCode, output: log } = await nx(['docker-build', 'e2e-index-pip'], {
      ...HOST,
      BETA_TOKEN: '',
    });
    expect(exitCode).not.toBe(0);
    expect(log).toContain('BUILD_VARIABLE_MISSING: The build needs the secret BETA_TOKEN');
    expect(log).not.toContain('load build definition');
  });

  it('are refused for a wrong secret, by the name of the index alone, whoever asks', async () => {
    const wrong = 'wr0ng-T0ken-Jm4';
    const build = await nx(['docker-build', 'e2e-index-pip'], { ...HOST, BETA_TOKEN: wrong });
    const refused = /https:\/\/index\.beta\.test:\d+\/simple\S* refuses the credentials/;
    expect(build.output).toMatch(new RegExp(`INDEX_UNAUTHORIZED: ${refused.source}`));
    const { output: log } = await pinAll({ ...HOST, BETA_TOKEN: wrong }, '--upgrade');
    for (const manager of ['uv', 'poetry', 'pdm', 'pipenv']) {
      const [, said] = log.split(new RegExp(`^> nx run e2e-index-${manager}:pin-deps.*$`, 'm'));
      expect([manager, said?.split(/^> nx run /m)[0]]).toEqual([manager, expect.stringMatching(refused)]);
    }
    const places: Places = [['terminal', Buffer.from(build.output + log)]];
    expect(leaks([wrong, ...Object.values(SECRETS)], places)).toEqual([]);
  });
});
