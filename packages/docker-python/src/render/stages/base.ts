import type { BaseStage } from '../../plan/types';
import { caMount, CA_BUNDLE, EPOCH, run } from '../instructions';
import { shellLine } from '../shell';

/** Python, security updates, runtime system packages, tini; nothing setuid, no traces of the package manager. */
export function renderBase(stage: BaseStage): string {
  return [
    `FROM ${stage.image.reference} AS base`,
    run(
      [caMount],
      [
        // Only what this step writes gets a fixed time; the mark never enters a layer.
        'touch /dev/shm/started; sleep 0.02',
        ...aptInstall(['tini', ...stage.packages], { upgrade: true }),
        "grep -q '^app:' /etc/passwd || echo 'app:x:10001:0::/tmp:/usr/sbin/nologin' >> /etc/passwd",
        'find / -xdev -perm /6000 -type f -exec chmod a-s {} +',
        `find / -xdev -newer /dev/shm/started -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
  ].join('\n');
}

/** Installs Debian packages and leaves nothing else behind. */
export function aptInstall(
  packages: readonly string[],
  { upgrade }: { upgrade: boolean },
): readonly string[] {
  return [
    'export DEBIAN_FRONTEND=noninteractive',
    `[ ! -s ${CA_BUNDLE} ] || echo 'Acquire::https::CaInfo "${CA_BUNDLE}";' > /etc/apt/apt.conf.d/99-ca`,
    'apt-get update -qq',
    ...(upgrade ? ['apt-get upgrade -qq -y --no-install-recommends'] : []),
    shellLine(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...packages]),
    'rm -rf /etc/apt/apt.conf.d/99-ca /var/lib/apt/lists/* /var/cache/* /var/log/* /var/lib/dpkg/*-old',
  ];
}
