import type { BuilderStage } from '../../plan/types';
import { caMount, run, trustCaBundle } from '../instructions';
import { shellLine } from '../shell';
import { aptInstall } from './base';

/** Compilers and headers where they are needed, and the installer. None of it reaches the image. */
export function renderBuilder(stage: BuilderStage): string {
  const { name, version } = stage.installer;
  return [
    'FROM base AS builder',
    ...(stage.packages.length > 0 ? [run([caMount], aptInstall(stage.packages, { upgrade: false }))] : []),
    run(
      [caMount, 'type=cache,id=pip,target=/root/.cache/pip'],
      [
        ...trustCaBundle,
        `python -m venv /opt/${name}`,
        shellLine([
          `/opt/${name}/bin/pip`,
          'install',
          '-q',
          '--disable-pip-version-check',
          `${name}==${version}`,
        ]),
      ],
    ),
    // Hash-based bytecode survives any change of times; a fixed hash seed keeps sets in one order.
    'ENV PATH=/opt/uv/bin:$PATH UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python \\',
    '    PYC_INVALIDATION_MODE=UNCHECKED_HASH PYTHONHASHSEED=0',
  ].join('\n');
}
