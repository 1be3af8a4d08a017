import type { Finding } from '../../detection/types';
import type { BuilderFacts } from '../../engine/types';
import type { ImageDesign } from '../../pipeline/design-image';

/**
 * Why two builds of the same sources may give two digests: what is decided outside of this checkout, or by whoever
 * builds. Nothing of it matters while the content key finds the image that exists. Pure.
 *
 * @param engine absent if none answers
 * @returns empty if the digest follows from the sources alone
 */
export function unreproducible(design: ImageDesign, engine: BuilderFacts | undefined): readonly Finding[] {
  return [
    ...baseReasons(design),
    ...dependencyReasons(design),
    ...scriptReasons(design),
    ...(engine ? engineReasons(engine) : []),
  ];
}

function baseReasons({ plan }: ImageDesign): readonly Finding[] {
  const { reference, digest, packages } = plan.stages.find((stage) => stage.name === 'base')!.image;
  const updates = packages === undefined ? [UPDATES] : [UPDATES_OF_A_DAY];
  if (digest !== undefined || reference.includes('@sha256:')) return updates;
  const tag = {
    code: 'BASE_IS_A_TAG',
    message: `The base ${reference} is a tag, and what it stands for changes.`,
    hint: 'Keep its digest in the base lock: nx g docker-python:refresh.',
  };
  return [tag, ...updates];
}

const UPDATES: Finding = {
  code: 'SYSTEM_UPDATES',
  message: 'Packages of the operating system are updated while the base stage is built.',
  hint: 'That is meant to be: security updates. The stages above it do not depend on it, and keep their digests.',
};

const UPDATES_OF_A_DAY: Finding = {
  ...UPDATES,
  message: `${UPDATES.message} The day in the base lock says when that happens anew, not which versions there are.`,
};

function dependencyReasons({ project, hooks }: ImageDesign): readonly Finding[] {
  if (hooks.dependencies) return [];
  const { network, hashed } = project.recipe;
  // uv is let to the network for the sake of a stale lock alone.
  const chooses = network && !project.lock;
  const compiled = project.requirements.filter(({ wheels }) => wheels?.length === 0).map(({ name }) => name);
  return [
    ...(chooses
      ? [
          {
            code: 'VERSIONS_CHOSEN_BY_BUILD',
            message: 'There is no complete lock: the build asks the package index for versions.',
            hint: 'Lock the dependencies with their hashes, and commit the lock.',
          },
        ]
      : []),
    ...(!chooses && !hashed
      ? [
          {
            code: 'NO_HASHES',
            message:
              'What comes from a repository has no hash: a branch or a tag would be taken as it is then.',
            hint: 'Name a commit in the requirement.',
          },
        ]
      : []),
    ...(compiled.length > 0
      ? [
          {
            code: 'COMPILED_BY_BUILD',
            message: `${compiled.slice(0, 3).join(', ')}${compiled.length > 3 ? ` and ${compiled.length - 3} more` : ''} ${compiled.length === 1 ? 'is' : 'are'} compiled while the image is built: the result depends on the compiler of that day.`,
            hint: 'A version with a wheel for this Python avoids it.',
          },
        ]
      : []),
  ];
}

/** The entry point is a file like others; what runs while the image is built may do anything. */
function scriptReasons({ hooks }: ImageDesign): readonly Finding[] {
  const run = [hooks.systemPackages, hooks.dependencies, hooks.buildCode].flatMap((hook) => hook?.path ?? []);
  if (run.length === 0) return [];
  return [
    {
      code: 'OWN_SCRIPTS',
      message: `${run.join(', ')} ${run.length === 1 ? 'runs' : 'run'} while the image is built, and may give something else each time.`,
      hint: 'Pin what it downloads. Times and modes of what it leaves are made equal.',
    },
  ];
}

function engineReasons({ driver, containerdStore }: BuilderFacts): readonly Finding[] {
  if (driver !== 'docker') {
    return [
      {
        code: 'ANOTHER_DRIVER',
        message: `The current builder has the driver ${driver}: an engine's own builder gives the same layers, but may give another digest.`,
        hint: 'Build one image with one kind of builder; the first image under a content key is the one that counts.',
      },
    ];
  }
  if (containerdStore) return [];
  return [
    {
      code: 'DIGEST_MADE_BY_PUSH',
      message:
        'This engine keeps images without their manifests: whoever pushes makes the digest. And the layer of the base stage holds the time of its build, for what it removes from the base image.',
      hint: 'The stages above it keep their digests. With the containerd image store of the engine, the image keeps its own, and it is known before the push.',
    },
  ];
}
