import type { BaseStage, TiniStage } from '../../plan/types';
import type { BuildEnvironment } from '../../plan/build-environment';
import { fromImage, packagesOf } from '../base-pins';
import { runHook, systemStep } from '../hooks';
import { EPOCH, hostMounts, run, UNPINNED, useProxies } from '../instructions';
import { installPackages, updateAndInstall } from '../packages';

/** Where the static tini goes; on PATH in every base. */
const TINI = '/usr/local/bin/tini';

/** A statically linked tini, which runs anywhere. */
export function renderTini(stage: TiniStage): string {
  return [
    `FROM ${fromImage(stage.image)} AS tini`,
    UNPINNED,
    run(hostMounts, [useProxies, ...packagesOf(stage.image), ...installPackages('debian', ['tini'], [])]),
  ].join('\n');
}

/** Python, security updates, runtime system packages, tini; nothing setuid, no traces of the package manager. */
export function renderBase(stage: BaseStage, python: string, environment: BuildEnvironment): string {
  const { image, packages, hook } = stage;
  const ownTini = image.family !== 'rhel';
  return [
    `FROM ${fromImage(image)} AS base`,
    ...(image.endsAsRoot ? [] : ['USER 0:0']),
    ...(ownTini ? [] : [`COPY --from=tini /usr/bin/tini-static ${TINI}`]),
    systemStep(environment, hook, [
      ...packagesOf(image),
      // Only what this step writes gets a fixed time; the mark never enters a layer.
      'touch /dev/shm/started; sleep 0.02',
      ...usePython(image.reference, python),
      ...updateAndInstall(image.family, ownTini ? ['tini'] : [], packages, runHook(hook, ['runtime'])),
      "grep -q '^app:' /etc/passwd || echo 'app:x:10001:0::/tmp:/usr/sbin/nologin' >> /etc/passwd",
      REMOVE_PIP,
      'find / -xdev -perm /6000 -type f -exec chmod a-s {} +',
      `find / -xdev -newer /dev/shm/started -exec touch -h -d @${EPOCH} {} +`,
    ]),
  ].join('\n');
}

/** The image's own pip: nothing that runs there, or builds there, installs anything by it. */
export const REMOVE_PIP =
  'rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/pip /usr/local/lib/python3*/site-packages/pip-*';

/** Lines of a build script: the requested Python, by one path in every stage and base, whoever installed it. */
export function usePython(reference: string, python: string): readonly string[] {
  return [...checkPython(reference, python), ...linkPython(python)];
}

/** A base without the requested Python is an error: what installs one belongs into the base image. */
function checkPython(reference: string, python: string): readonly string[] {
  const minor = `'import sys; print("%d.%d" % sys.version_info[:2])'`;
  return [
    `found=$(command -v python${python} || command -v python3 || command -v python || true)`,
    `if [ -z "$found" ] || [ "$("$found" -B -c ${minor})" != ${python} ]; then`,
    `  echo "docker-python: ${reference} has no Python ${python}\${found:+, only $("$found" -V 2>&1)}. Set \\"base\\" to an image that has it, or \\"python\\" to what it has." >&2`,
    '  exit 1',
    'fi',
  ];
}

function linkPython(python: string): readonly string[] {
  return [
    'mkdir -p /usr/local/bin',
    `for name in python python3 python${python}; do [ -e /usr/local/bin/$name ] || ln -s "$found" /usr/local/bin/$name; done`,
  ];
}
