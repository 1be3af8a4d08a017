import type { InstallerName } from '../plan/types';
import { shellTemplate } from './shell';

/** How an installer puts exactly one list of packages into a virtualenv, not compiled. Every entry is a line of a build script. */
interface InstallerWords {
  /** Keeps downloads and built wheels between builds. */
  readonly cache: string;
  readonly makeVenv: (venv: string) => string;
  readonly installList: (venv: string, list: string, requireHashes: boolean) => string;
  readonly check: (venv: string) => string;
}

/** Where the pip lies that installs into other environments than its own. */
const PIP_HOME = '/opt/pip';

const UV: InstallerWords = {
  cache: 'type=cache,id=uv,target=/root/.cache/uv',
  makeVenv: (venv) => `uv venv -q ${venv}`,
  installList: (venv, list, requireHashes) =>
    `uv pip install -q --python ${venv}/bin/python --no-deps${requireHashes ? ' --require-hashes' : ''} -r ${list}`,
  check: (venv) => `uv pip check -q --python ${venv}/bin/python`,
};

const PIP: InstallerWords = {
  cache: 'type=cache,id=pip,target=/root/.cache/pip',
  makeVenv: (venv) => `/usr/local/bin/python -m venv --without-pip ${venv}`,
  installList: (venv, list, requireHashes) =>
    `${pip(venv)} install -q --no-compile --no-deps${requireHashes ? ' --require-hashes' : ''} -r ${list}`,
  check: (venv) => `${pip(venv)} check`,
};

function pip(venv: string): string {
  return `${PIP_HOME}/bin/pip --disable-pip-version-check --python ${venv}/bin/python`;
}

export const INSTALLERS: Readonly<Record<InstallerName, InstallerWords>> = { uv: UV, pip: PIP };

/** Where an installer lies; its program in `bin` there. */
export function homeOf(name: InstallerName): string {
  return name === 'pip' ? PIP_HOME : `/opt/${name}`;
}

/**
 * Lines of a build script that put an installer beside Python, fetched by the pip of the image or, where it has none,
 * by the one that `python -m venv` brings, which takes twice as long.
 *
 * @param source index that has it, where that is another than for everything else
 */
export function fetchInstaller(name: InstallerName, version: string, source?: string): readonly string[] {
  const home = homeOf(name);
  // A variable, as arguments of programs are there for everybody to see.
  const from = source === undefined ? '' : `PIP_INDEX_URL=${shellTemplate(source)} `;
  const install = `install -q --disable-pip-version-check`;
  const inVenv = [`python -m venv ${home}`, `${from}${home}/bin/pip ${install} ${name}==${version}`];
  if (name === 'pip') return inVenv;
  return [
    "if python -c 'import pip' 2> /dev/null; then",
    `  ${from}PIP_ROOT_USER_ACTION=ignore python -m pip ${install} --no-compile --no-deps --target ${home} ${name}==${version}`,
    'else',
    ...inVenv.map((line) => `  ${line}`),
    'fi',
  ];
}
