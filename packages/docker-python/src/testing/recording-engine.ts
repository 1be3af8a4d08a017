import type { BuildRequest, Engine, EngineFacts, ImageFacts, Registries } from '../engine/types';
import type { ProcessOptions, ProcessResult, ProcessRunner } from '../engine/process';

export const ENGINE_FACTS: EngineFacts = {
  version: '29.0.1',
  platform: 'linux/amd64',
  platforms: ['linux/amd64'],
  driver: 'docker',
  containerdStore: false,
};

/** An engine that holds images in memory and remembers what it was asked. */
export interface RecordingEngine extends Engine {
  readonly images: Map<string, ImageFacts>;
  readonly builds: BuildRequest[];
}

/**
 * @param built the image that a build gives; undefined for a build after which there is none
 */
export function recordingEngine(built: ImageFacts | undefined): RecordingEngine {
  const images = new Map<string, ImageFacts>();
  const builds: BuildRequest[] = [];
  return {
    images,
    builds,
    probe: () => Promise.resolve(ENGINE_FACTS),
    build(request) {
      builds.push(request);
      if (built) for (const tag of request.tags) images.set(tag, built);
      return Promise.resolve();
    },
    inspect: (reference) => Promise.resolve(images.get(reference)),
    held: (names) => Promise.resolve(new Map([...images].filter(([name]) => names.includes(name)))),
    tag(reference, names) {
      const image = images.get(reference);
      if (!image) return Promise.reject(new Error(`no image ${reference}`));
      for (const name of names) images.set(name, image);
      return Promise.resolve();
    },
    probeBuilder: () => Promise.resolve(ENGINE_FACTS),
    config: () => Promise.resolve(undefined),
    ...recordingRegistries(images),
    run: () => Promise.reject(new Error('this engine runs nothing')),
    list: () => Promise.resolve([]),
    removeAll: () => Promise.resolve(),
  };
}

/** A registry in memory that shares its names with an engine: a test puts what it has into `registry`. */
export function recordingRegistries(
  engineHas: Map<string, ImageFacts>,
  registry = new Map<string, ImageFacts>(),
): Registries {
  const bySource = (source: string): ImageFacts | undefined =>
    registry.get(source) ??
    [...registry.values()].find(({ manifestDigest }) => source.endsWith(`@${manifestDigest}`));
  return {
    remoteDigest: (reference) => Promise.resolve(registry.get(reference)?.manifestDigest),
    remoteImage: (reference) => Promise.resolve(registry.get(reference)),
    complete: (source) =>
      bySource(source) ? Promise.resolve() : Promise.reject(new Error(`the registry has no ${source}`)),
    pull(reference) {
      const image = bySource(reference);
      if (image) engineHas.set(reference, image);
      return Promise.resolve(image !== undefined);
    },
    push(reference) {
      const image = engineHas.get(reference)!;
      registry.set(reference, image);
      return Promise.resolve(image.manifestDigest!);
    },
    retag(source, names) {
      const image = bySource(source);
      if (!image) return Promise.reject(new Error(`the registry has no ${source}`));
      for (const name of names) registry.set(name, image);
      return Promise.resolve();
    },
  };
}

/** One process that was asked for. */
export interface Call {
  readonly program: string;
  readonly argv: readonly string[];
  readonly options: ProcessOptions;
}

/** The first words of a command line and what it answers. */
export type Answers = Readonly<Record<string, Partial<ProcessResult>>>;

/** A process runner that starts nothing. What has no answer succeeds without output. */
export function recordingRunner(answers: Answers = {}): {
  readonly calls: Call[];
  readonly run: ProcessRunner;
} {
  const calls: Call[] = [];
  return {
    calls,
    run(program, argv, options) {
      calls.push({ program, argv, options });
      const line = [program, ...argv].join(' ');
      const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1];
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...answer });
    },
  };
}
