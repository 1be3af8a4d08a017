import type { BaseStage, BuilderStage, ImagePlan } from '../../plan/types';
import { fromImage } from '../base-pins';
import { runHook, systemStep } from '../hooks';
import { networkStep } from '../build-environment';
import { installPackages } from '../packages';
import { fetchInstaller, homeOf } from '../installers';
import { REMOVE_PIP, usePython } from './base';

/** Hash-based bytecode survives any change of times; a fixed hash seed keeps sets in one order. */
const BUILD_VARIABLES = [
  'ENV PATH=/opt/uv/bin:$PATH UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python \\',
  '    PYC_INVALIDATION_MODE=UNCHECKED_HASH PYTHONHASHSEED=0',
];

/**
 * Compilers and headers where they are needed, and the installer. None of it reaches the image.
 *
 * The installer comes into the base image as it is, so that it need not wait for the system packages of `base`; and
 * where neither needs any, what is built and what is shipped differ in nothing that a build could notice, so that
 * everything up to the virtual environment is made meanwhile.
 */
export function renderBuilder(stage: BuilderStage, plan: ImagePlan): string {
  const { packages, hook, image } = stage;
  const systemPackages = packages.length > 0 || hook !== undefined;
  return [
    ...installer(stage, plan),
    ...(standsOnBase(plan) ? ['FROM base AS builder'] : ['FROM installer AS builder']),
    ...(systemPackages
      ? [
          systemStep(
            plan.buildEnvironment,
            hook,
            installPackages(image.family, packages, runHook(hook, ['build'])),
          ),
        ]
      : []),
    ...(standsOnBase(plan) ? copyInstallers(stage) : []),
    ...BUILD_VARIABLES,
  ].join('\n');
}

/** What makes a stage that stands on the base a builder: the installers and what they are told. */
export function becomeBuilder(stage: BuilderStage): readonly string[] {
  return [...copyInstallers(stage), ...BUILD_VARIABLES];
}

/** Whether the builder needs what `base` has; a base or a builder that an organisation wrote may bring anything. */
export function standsOnBase({ stages, pieces }: ImagePlan): boolean {
  const base = stages.find((stage): stage is BaseStage => stage.name === 'base')!;
  const builder = stages.find((stage): stage is BuilderStage => stage.name === 'builder')!;
  return (
    pieces?.base !== undefined ||
    pieces?.builder !== undefined ||
    base.image.systemPython ||
    [base, builder].some(({ packages, hook }) => packages.length > 0 || hook !== undefined)
  );
}

function installer(
  { installer: { name, version, source }, image, pip }: BuilderStage,
  { pieces, python, buildEnvironment }: ImagePlan,
): readonly string[] {
  const onImage = pieces?.base === undefined;
  return [
    `FROM ${onImage ? fromImage(image) : 'base'} AS installer`,
    ...(onImage && !image.endsAsRoot ? ['USER 0:0'] : []),
    networkStep(
      buildEnvironment,
      ['type=cache,id=pip,target=/root/.cache/pip'],
      [
        ...(onImage ? usePython(image.reference, python) : []),
        ...fetchInstaller(name, version, source),
        ...(pip === undefined ? [] : fetchInstaller('pip', pip, source)),
        ...(onImage ? [REMOVE_PIP] : []),
      ],
    ),
  ];
}

function copyInstallers({ installer: { name }, pip }: BuilderStage): readonly string[] {
  return [name, ...(pip === undefined ? [] : ['pip' as const])].map(
    (tool) => `COPY --link --from=installer ${homeOf(tool)} ${homeOf(tool)}`,
  );
}
