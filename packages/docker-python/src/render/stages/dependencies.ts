import type { DependenciesStage } from '../../plan/types';
import { caMount, EPOCH, run, trustCaBundle } from '../instructions';
import { REQUIREMENTS } from './lock';

/** The virtualenv of the image. Built in its final place, since console scripts name their interpreter. */
export const VENV = '/opt/venv';

/** Third-party packages from exactly the exported list. Keyed by that list's content and nothing else. */
export function renderDependencies(stage: DependenciesStage): string {
  const hashes = stage.requireHashes ? ' --require-hashes' : '';
  return [
    'FROM builder AS dependencies',
    run(
      [
        `type=bind,from=lock,source=${REQUIREMENTS},target=/run/requirements.txt`,
        caMount,
        'type=cache,id=uv,target=/root/.cache/uv',
      ],
      [
        ...trustCaBundle,
        `uv venv -q ${VENV}`,
        `uv pip install -q --python ${VENV}/bin/python --compile-bytecode --no-deps${hashes} -r /run/requirements.txt`,
        `uv pip check -q --python ${VENV}/bin/python`,
        `mkdir -p /out/opt && mv ${VENV} /out/opt/`,
        `find /out -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
  ].join('\n');
}
