import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UV } from '../packages/docker-python/src/detection/managers/tools';
import { readPins } from '../packages/docker-python/src/pins/read-pins';
import { NEWEST } from '../tools/workspace/nx-versions';
import { makeCertificates } from './harness/certificates';
import { recordIn, stepsThatRan } from './harness/build-checks';
import { docker, outputOf, removeImages } from './harness/docker';
import { serveFiles, type FileServer } from './harness/file-server';
import { startForwardProxy, type ForwardProxy } from './harness/forward-proxy';
import { filesBelow, imagePlaces, leaks, watchArguments, type Places } from './harness/leaks';
import { startPackageIndexes, type PackageIndexes } from './harness/package-index';
import {
  ACME,
  BASE,
  BETA,
  defaults,
  environmentFile,
  HOST,
  MAIN,
  manifests,
  MIRROR,
  netrc,
  NO_PROXY,
  PINNED,
  projects,
  SECRETS,
  servedIndexes,
} from './harness/private-company';
import { saidOf, saidOfFailures } from './harness/said-of';
import { pageOf, releasedWheel, wheel } from './harness/wheel';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

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
  const hanging = createServer((socket) => {
    const began = performance.now();
    socket.on('error', () => undefined).resume();
    socket.once('close', () => waits.push((performance.now() - began) / 1000));
  });
  /** Seconds after which those who ask it have given up. */
  const waits: number[] = [];
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
  const pinAll = (
    env?: Readonly<Record<string, string>>,
    ...options: string[]
  ): ReturnType<Workspace['run']> =>
    nx(
      [
        ...['run-many', '--target=pin-deps', '--parallel=2', '--outputStyle=static', '--nxBail=false'],
        `--projects=${[...Object.keys(PINNED), 'team'].map((name) => `e2e-index-${name}`).join(',')}`,
        ...options,
      ],
      env,
    );

  beforeAll(async () => {
    await removeImages('e2e-index-*');
    const certificates = await makeCertificates([ACME, BETA]);
    const [sauce, spice] = [wheel('acme-sauce', '1.0', 'hot'), wheel('beta-spice', '2.0', 'mild')];
    const uv = await releasedWheel(UV, BASE);
    wheels = await serveFiles(pageOf([sauce, spice, uv]));
    await new Promise<void>((resolve) => hanging.listen(0, '0.0.0.0', resolve));
    indexes = await startPackageIndexes(servedIndexes(sauce, spice, uv), certificates);
    proxy = await startForwardProxy('me', SECRETS.PROXY_PASSWORD);
    configureClient(client);
    const system = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
    const files = {
      'ca.pem': `${readFileSync(system, 'utf8')}\n${certificates.ca}`,
      'apps/leaky/project.json': JSON.stringify(LEAKY),
      ...projects(indexes.port, wheels.url),
    };
    workspace = await createWorkspace(NEWEST, files);
    const options = { defaults: defaults(cache) };
    workspace.write(
      'nx.json',
      JSON.stringify({ analytics: false, plugins: [{ plugin: 'docker-python', options }] }),
    );
    workspace.write('.gitignore', `${workspace.read('.gitignore')}secrets\n.env.build\n`);
    workspace.write('apps/e2e-index-environment/.env.build', environmentFile(indexes.port));
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
    if (built.exitCode !== 0) throw new Error(saidOfFailures(built.output));
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

  it.each(Object.entries(PINNED))('are pinned by %s, in files that have no credentials', (manager, file) => {
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

  const pinnedSauce = `acme-sauce==1.0 --hash=sha256:${'0'.repeat(64)}`;
  it.each([
    ['the resolver', 'uv', 'acme-sauce', /The step that failed: \[lock [^]*timed out/],
    ['uv', 'uv', pinnedSauce, /The step that failed: \[dependencies [^]*timed out/],
    // pip goes on without an index that does not answer.
    ['pip', 'pip', pinnedSauce, /The step that failed: \[dependencies [^]*No matching distribution found/],
  ])('are not waited for longer than the settings say, by %s', async (who, installer, list, said) => {
    const name = `slow-${who.replace(' ', '-')}`;
    waits.length = 0;
    const { hostname } = new URL(wheels.url);
    const address = `${hostname}:${(hanging.address() as AddressInfo).port}`;
    workspace.write(
      `apps/${name}/requirements.txt`,
      `--extra-index-url http://${address}/simple/\n${list}\n`,
    );
    workspace.write(`apps/${name}/main.py`, MAIN);
    workspace.write(`apps/${name}/project.json`, JSON.stringify({ name }));
    // pip does not even ask another host without encryption.
    const buildEnv = { PIP_DEFAULT_TIMEOUT: '2', PIP_RETRIES: '0', PIP_TRUSTED_HOST: hostname };
    const settings = { version: 1, command: ['python', 'main.py'], python: '3.13', installer, buildEnv };
    workspace.write(`apps/${name}/docker-python.json`, JSON.stringify(settings));
    await workspace.nx('sync');
    const { exitCode, output: log } = await nx(['docker-build', name, '--outputStyle=static']);
    expect(exitCode).not.toBe(0);
    expect(log).toMatch(said);
    expect(waits).not.toEqual([]);
    // Left alone, uv waits for half a minute and pip for a quarter, several times.
    expect(Math.max(...waits)).toBeLessThan(10);
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
    for (const stage of ['installer', 'lock', 'dependencies'] as const)
      expect(stepsThatRan(log, stage)).not.toEqual([]);
    for (const stage of ['base', 'stdlib', 'application'] as const)
      expect(stepsThatRan(log, stage)).toEqual([]);
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
    expect(build.exitCode).not.toBe(0);
    expect(build.output).toMatch(new RegExp(`INDEX_UNAUTHORIZED: ${refused.source}`));
    const { exitCode, output: log } = await pinAll({ ...HOST, BETA_TOKEN: wrong }, '--upgrade');
    expect(exitCode).not.toBe(0);
    for (const manager of ['uv', 'poetry', 'pdm', 'pipenv'])
      expect(saidOf(`e2e-index-${manager}`, log)).toMatch(refused);
    const places: Places = [['terminal', Buffer.from(build.output + log)]];
    expect(leaks([wrong, ...Object.values(SECRETS)], places)).toEqual([]);
  });
});
