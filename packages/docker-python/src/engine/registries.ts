import { z } from 'zod';
import { DockerPythonError } from '../errors';
import type { Argv } from './argv';
import { THROUGH_DOCKER, type Program } from './buildx-program';
import type { ProcessResult, ProcessRunner } from './process';
import { configSchema, isImage, manifestSchema, platformSchema, remoteFacts } from './manifests';
import { registryFailure } from './registry-failures';
import type { Registries } from './registry-types';

/** What a question may take: a registry that never answers must not stop a build that could do without. */
const QUESTION_MS = 60_000;

/**
 * Registries through `docker push`, `docker pull` and `docker buildx imagetools`.
 *
 * @param buildx how to call buildx
 */
export function dockerRegistries(
  start: ProcessRunner,
  buildx: () => Promise<Program> = () => Promise.resolve(THROUGH_DOCKER),
): Registries {
  const imagetools = async (argv: Argv, timeoutMs?: number): Promise<ProcessResult> => {
    const [program, ...first] = await buildx();
    return call(program, [...first, 'imagetools', ...argv], timeoutMs);
  };
  const ask = (argv: Argv): Promise<ProcessResult> => call('docker', argv);
  const call = (program: string, argv: Argv, timeoutMs?: number): Promise<ProcessResult> =>
    start(program, argv, {
      output: 'capture',
      env: { DOCKER_CLI_HINTS: 'false' },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });

  /** @returns undefined if there is nothing of that name */
  const inspect = async (reference: string, ...format: string[]): Promise<string | undefined> => {
    const result = await imagetools(['inspect', reference, ...format], QUESTION_MS);
    if (result.exitCode === 0) return result.stdout;
    if (isAbsent(result)) return undefined;
    throw registryFailure(result, reference, `asking for ${reference}`);
  };

  return {
    async remoteDigest(reference) {
      const output = await inspect(reference, '--format', '{{json .Manifest}}');
      return output === undefined ? undefined : readJson(describedSchema, output, reference).digest;
    },

    async remoteImage(reference) {
      const output = await inspect(reference, '--format', '{{json .}}');
      if (output === undefined) return undefined;
      const { manifest, image } = readJson(remoteSchema, output, reference);
      const [platform] = manifest.manifests?.filter(isImage) ?? [];
      const own = platform?.digest ?? manifest.digest;
      const raw = await inspect(`${withoutTag(reference)}@${own}`, '--raw');
      if (raw === undefined) return undefined;
      return remoteFacts(manifest.digest, image, readJson(manifestSchema, raw, reference), raw.length);
    },

    async complete(source, name) {
      await this.retag(source, [name]);
    },

    async pull(reference) {
      const result = await ask(['pull', '--quiet', reference]);
      if (result.exitCode === 0) return true;
      if (isAbsent(result)) return false;
      throw registryFailure(result, reference, `pulling ${reference}`);
    },

    async push(reference) {
      const result = await ask(['push', reference]);
      if (result.exitCode !== 0) throw registryFailure(result, reference, `pushing ${reference}`);
      const digest = /\bdigest: (sha256:[0-9a-f]{64})/.exec(result.stdout)?.[1];
      if (digest !== undefined) return digest;
      throw registryFailure(
        result,
        reference,
        `pushing ${reference}: the engine does not say which digest it sent`,
      );
    },

    async retag(source, names) {
      const argv = names.flatMap((name) => ['--tag', name]);
      // Without it an index around the image would be made, which has another digest.
      const result = await imagetools(['create', '--prefer-index=false', ...argv, source]);
      if (result.exitCode !== 0)
        throw registryFailure(result, names[0] ?? source, `tagging ${names.join(', ')}`);
    },
  };
}

/** Whether a registry says that it has nothing of that name. */
export function isAbsent({ stderr }: ProcessResult): boolean {
  return (
    /: not found\s*$|manifest unknown|name.?unknown|repository .*not found/im.test(stderr) &&
    !/no such host|could not fetch content/i.test(stderr)
  );
}

/** `host:5000/a/b:tag` and `host:5000/a/b@sha256:...` -> `host:5000/a/b`. */
function withoutTag(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

const describedSchema = z.object({ digest: z.string(), manifests: z.array(platformSchema).optional() });
/** `docker buildx imagetools inspect`: one image, or by platform. */
const remoteSchema = z.object({
  manifest: describedSchema,
  image: z.union([
    configSchema,
    z.record(z.string(), configSchema).transform((byPlatform, { addIssue }) => {
      const [first] = Object.values(byPlatform);
      if (first) return first;
      addIssue('has no platform');
      return z.NEVER;
    }),
  ]),
});

function readJson<S extends z.ZodType>(schema: S, text: string, reference: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DockerPythonError({
      code: 'ENGINE_FAILED',
      message: `docker buildx imagetools says something unexpected about ${reference}: ${text.slice(0, 200)}`,
      hint: 'buildx 0.12 or later is needed; "docker buildx version" shows which one this is.',
      cause,
    });
  }
}
