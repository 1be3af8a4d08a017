import type { BuilderStage } from '../../plan/types';
import { runHook, systemStep } from '../hooks';
import type { BuildEnvironment } from '../../plan/build-environment';
import { networkStep } from '../build-environment';
import { installPackages } from '../packages';
import { fetchInstaller } from '../installers';

/** Compilers and headers where they are needed, and the installer. None of it reaches the image. */
export function renderBuilder(stage: BuilderStage, environment: BuildEnvironment): string {
  const { image, packages, hook, pip } = stage;
  const { name, version, source } = stage.installer;
  const systemPackages = packages.length > 0 || hook !== undefined;
  return [
    'FROM base AS builder',
    ...(systemPackages
      ? [systemStep(environment, hook, installPackages(image.family, packages, runHook(hook, ['build'])))]
      : []),
    networkStep(
      environment,
      ['type=cache,id=pip,target=/root/.cache/pip'],
      [
        ...fetchInstaller(name, version, source),
        ...(pip === undefined ? [] : fetchInstaller('pip', pip, source)),
      ],
    ),
    // Hash-based bytecode survives any change of times; a fixed hash seed keeps sets in one order.
    'ENV PATH=/opt/uv/bin:$PATH UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python \\',
    '    PYC_INVALIDATION_MODE=UNCHECKED_HASH PYTHONHASHSEED=0',
  ].join('\n');
}
