import type { InstallerName } from '../plan/types';
import { shellTemplate } from './shell';

/** How an installer puts exactly one list of packages into a virtualenv. Every entry is lines of a build script. */
interface InstallerWords {
  /** Keeps downloads and built wheels between builds. */
  readonly cache: string;
  readonly makeVenv: (venv: string) => string;
  readonly installList: (venv: string, list: string, requireHashes: boolean) => readonly string[];
  readonly check: (venv: string) => string;
}

/** Where the pip lies that installs into other environments than its own. */
const PIP_HOME = '/opt/pip';

const UV: InstallerWords = {
  cache: 'type=cache,id=uv,target=/root/.cache/uv',
  makeVenv: (venv) => `uv venv -q ${venv}`,
  installList: (venv, list, requireHashes) => [
    `uv pip install -q --python ${venv}/bin/python --compile-bytecode --no-deps${requireHashes ? ' --require-hashes' : ''} -r ${list}`,
  ],
  check: (venv) => `uv pip check -q --python ${venv}/bin/python`,
};

const PIP: InstallerWords = {
  cache: 'type=cache,id=pip,target=/root/.cache/pip',
  makeVenv: (venv) => `/usr/local/bin/python -m venv --without-pip ${venv}`,
  installList: (venv, list, requireHashes) => [
    `${pip(venv)} install -q --no-compile --no-deps${requireHashes ? ' --require-hashes' : ''} -r ${list}`,
    // pip compiles by the times of files. Some packages bring files that no Python compiles.
    `python -m compileall -q -j 0 --invalidation-mode unchecked-hash ${venv}/lib > /dev/null || true`,
  ],
  check: (venv) => `${pip(venv)} check`,
};

function pip(venv: string): string {
  return `${PIP_HOME}/bin/pip --disable-pip-version-check --python ${venv}/bin/python`;
}

export const INSTALLERS: Readonly<Record<InstallerName, InstallerWords>> = { uv: UV, pip: PIP };

/**
 * Lines of a build script that put an installer beside Python; `python -m venv` brings the pip that fetches it.
 *
 * @param source index that has it, where that is another than for everything else
 */
export function fetchInstaller(name: InstallerName, version: string, source?: string): readonly string[] {
  const home = name === 'pip' ? PIP_HOME : `/opt/${name}`;
  // A variable, as arguments of programs are there for everybody to see.
  const from = source === undefined ? '' : `PIP_INDEX_URL=${shellTemplate(source)} `;
  return [
    `python -m venv ${home}`,
    `${from}${home}/bin/pip install -q --disable-pip-version-check ${name}==${version}`,
  ];
}
