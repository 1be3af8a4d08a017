import { DockerPythonError } from '../errors';
import { buildArgv, type Argv } from './argv';
import { outputOfFailed } from './build-history';
import { dockerContainers } from './containers';
import { buildFailure, clientFailure } from './failures';
import { buildxProgram } from './buildx-program';
import { readConfig } from './image-config';
import { runProcess, type ProcessResult, type ProcessRunner } from './process';
import { dockerRegistries } from './registries';
import { repositoryOf } from './repository-of';
import { keptWords } from './words';
import type { BuilderFacts, Engine, EngineFacts, ImageConfig, ImageFacts } from './types';

/** Heredocs and linked copies without a `# syntax=` line: the frontend that comes with this engine knows them. */
const OLDEST_ENGINE = 24;

const MISSING = /no such image|not found/i;

/** Fixed, so that no clock reaches the image. The value zip files can hold (see `render/`). */
const SOURCE_DATE_EPOCH = '315532800';

/**
 * Docker through its client and buildx.
 *
 * @param start how processes are started; tests give a recording one
 * @param terminal whether the user looks at a terminal, so that BuildKit may draw on it
 */
export function dockerEngine(
  start: ProcessRunner = runProcess,
  terminal = process.stderr.isTTY === true && keptWords() === undefined,
): Engine {
  const ask = (argv: Argv, env?: Readonly<Record<string, string>>): Promise<ProcessResult> =>
    start('docker', argv, { output: 'capture', ...(env ? { env } : {}) });
  const askOnce = (argv: Argv): Promise<ProcessResult> =>
    start('docker', argv, { output: 'capture', lasting: 'yes' });
  const demand = async (
    argv: Argv,
    doing: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<string> => {
    const result = await ask(argv, env);
    if (result.exitCode !== 0) throw clientFailure(result, doing);
    return result.stdout;
  };

  /**
   * Docker 28 with containerd's store says nothing of an image of which it has fetched only some layers, since it had the
   * others unpacked already, from another build. A container of it knows.
   */
  const configByContainer = async (reference: string): Promise<ImageConfig | undefined> => {
    const id = (await demand(['create', '--network=none', reference], `looking into ${reference}`)).trim();
    try {
      return readConfig(await demand(['inspect', '--type=container', id], `looking into ${reference}`));
    } finally {
      await ask(['rm', '--force', '--volumes', id]);
    }
  };

  const inspect = async (reference: string): Promise<ImageFacts | undefined> => {
    const result = await ask(['image', 'inspect', reference]);
    if (result.exitCode === 0) return factsOf(readImages(result.stdout)[0]!, reference);
    if (MISSING.test(result.stderr)) return undefined;
    throw clientFailure(result, `looking for ${reference}`);
  };

  return {
    async probe(builder) {
      const [version, inspected, info] = await Promise.all([
        askOnce(['version', '--format', '{{json .Server}}']),
        askOnce(['buildx', 'inspect', ...(builder === undefined ? [] : [builder])]),
        askOnce(['info', '--format', '{{json .DriverStatus}}']),
      ]);
      if (version.exitCode !== 0) throw clientFailure(version, 'asking for its version');
      if (inspected.exitCode !== 0) throw builderFailure(inspected, builder);
      return readFacts(version.stdout, inspected.stdout, info.stdout);
    },

    async probeBuilder(builder) {
      const result = await ask(['buildx', 'inspect', '--bootstrap', builder]);
      if (result.exitCode !== 0) throw builderFailure(result, builder);
      const facts = readBuilder(result.stdout);
      const [platform] = facts.platforms;
      if (platform !== undefined) return { ...facts, platform, containerdStore: false };
      throw builderFailure({ ...result, stderr: `failed to find platforms of ${builder}` }, builder);
    },

    async build(request) {
      const interactive = terminal && (request.progress === 'auto' || request.progress === 'tty');
      const progress = request.progress === 'auto' && !interactive ? 'plain' : request.progress;
      const started = Date.now();
      const result = await start('docker', buildArgv({ ...request, progress }), {
        output: interactive ? 'show' : 'both',
        env: { ...request.inputs.env, SOURCE_DATE_EPOCH, DOCKER_CLI_HINTS: 'false' },
      });
      if (result.exitCode === 0) return;
      // On a terminal BuildKit draws its own display, of which nothing is kept.
      const drawn = interactive ? await outputOfFailed(start, request, started) : '';
      throw buildFailure({ ...result, stdout: `${result.stdout}\n${drawn}` }, request);
    },

    inspect,

    async held(names) {
      const result = await ask(['image', 'inspect', ...names]);
      if (result.exitCode !== 0 && !MISSING.test(result.stderr))
        throw clientFailure(result, `looking for ${names.join(' ')}`);
      const found = readImages(result.stdout || '[]');
      if (found.length === 0) return new Map();
      // In the order of the names. Which of them is missing is told in spellings of the engine's own.
      const images =
        found.length === names.length
          ? found.map((image, i) => factsOf(image, names[i]!))
          : await Promise.all(names.map(inspect));
      return new Map(names.flatMap((name, i) => (images[i] ? [[name, images[i]] as const] : [])));
    },

    async tag(reference, names) {
      for (const name of names) await demand(['tag', reference, name], `tagging ${name}`);
    },

    async config(reference) {
      const result = await ask(['image', 'inspect', reference]);
      if (result.exitCode === 0) return readConfig(result.stdout) ?? (await configByContainer(reference));
      if (MISSING.test(result.stderr)) return undefined;
      throw clientFailure(result, `looking for ${reference}`);
    },

    ...dockerContainers(start),
    ...dockerRegistries(start, () => buildxProgram(start)),
  };
}

function builderFailure(result: ProcessResult, builder: string | undefined): DockerPythonError {
  if (builder === undefined || !/no builder .* found|failed to find/i.test(result.stderr))
    return clientFailure(result, 'asking for its builder');
  return new DockerPythonError({
    code: 'BUILDER_MISSING',
    message: `buildx has no builder ${JSON.stringify(builder)}.`,
    hint: `Make it known to this machine first: docker buildx create --name ${builder} --driver remote <address>; docker buildx ls shows those that are.`,
  });
}

function readFacts(version: string, builder: string, info: string): EngineFacts {
  const server = readServer(version);
  if (!server?.Version) {
    throw new DockerPythonError({
      code: 'ENGINE_NOT_RUNNING',
      message: 'The docker client works, but no engine answers.',
      hint: 'Start it (Docker Desktop, or sudo systemctl start docker), then try "docker version".',
    });
  }
  if (Number.parseInt(server.Version, 10) < OLDEST_ENGINE) {
    throw new DockerPythonError({
      code: 'ENGINE_TOO_OLD',
      message: `The engine is Docker ${server.Version}.`,
      hint: `Docker ${OLDEST_ENGINE} or later is needed: its BuildKit reads the generated Dockerfiles without fetching a frontend.`,
    });
  }
  return {
    version: server.Version,
    platform: `${server.Os}/${server.Arch}`,
    ...readBuilder(builder),
    containerdStore: info.includes('io.containerd.snapshotter'),
  };
}

/** `docker buildx inspect`; a builder of several nodes has several lists. */
function readBuilder(output: string): Pick<BuilderFacts, 'driver' | 'platforms'> {
  const platforms = [...output.matchAll(/^Platforms:\s*(.+)$/gm)].flatMap(([, list]) =>
    list!.split(',').map((name) => name.trim().replace(/\*$/, '')),
  );
  return {
    driver: /^Driver:\s*(\S+)/m.exec(output)?.[1] ?? 'docker',
    platforms: [...new Set(platforms)].filter(Boolean),
  };
}

function readServer(version: string): { Version?: string; Os?: string; Arch?: string } | null {
  try {
    return JSON.parse(version) as { Version?: string } | null;
  } catch (cause) {
    throw new DockerPythonError({
      code: 'ENGINE_FAILED',
      message: `The program "docker" answers otherwise than Docker does: ${version.slice(0, 200)}`,
      hint: 'Docker Engine with buildx is needed; "docker version" shows what is there instead.',
      cause,
    });
  }
}

/** What `docker image inspect` is sure to say of an image. */
interface InspectedImage {
  readonly Id: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Size: number;
  readonly RootFS: { readonly Layers?: readonly string[] };
  readonly Descriptor?: { readonly digest: string };
  readonly RepoDigests?: readonly string[] | null;
}

function readImages(output: string): readonly InspectedImage[] {
  return JSON.parse(output) as readonly InspectedImage[];
}

/** @param reference by which the engine was asked */
function factsOf(image: InspectedImage, reference: string): ImageFacts {
  // Without containerd's store an engine knows the digest of what it has pulled or pushed, for each repository its own:
  // what was pulled from one and pushed to another has other manifests there.
  const own = image.RepoDigests?.find((entry) => repositoryOf(entry) === repositoryOf(reference));
  const manifestDigest = image.Descriptor?.digest ?? own?.split('@')[1];
  return {
    imageId: image.Id,
    ...(manifestDigest ? { manifestDigest } : {}),
    platform: [image.Os, image.Architecture, image.Variant].filter(Boolean).join('/'),
    layers: image.RootFS.Layers ?? [],
    size: image.Size,
  };
}
