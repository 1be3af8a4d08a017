import { randomUUID } from 'node:crypto';
import type { ServedIndex } from './package-index';
import type { ServedWheel } from './wheel';

/*
 * A company with private package indexes, and one project for each way to name them: what the projects of
 * private-index.e2e.ts are, which secrets their builds take, and who may read what.
 */

/** Two indexes of one company, each with packages that nobody else has. */
export const ACME = 'index.acme.test';
export const BETA = 'index.beta.test';
/** Two on one host, for other readers each. */
const COOKS = `${ACME}/cooks`;
const TEAM = `${ACME}/team`;
export const SECRETS = {
  ACME_PASSWORD: 'acme/Pa55+word-Zq8',
  ACME_TOKEN: 'acme-T0ken-Rr6xB2',
  BETA_TOKEN: 'beta-T0ken-Yw7vN3',
  // Another one in every run: an engine that has seen it before builds nothing anew for it.
  BETA_TOKEN_RENEWED: `beta-T0ken-${randomUUID()}`,
  TEAM_PASSWORD: 'team/Pa55+word-Lk2',
  PROXY_PASSWORD: 'pr0xy-Pa55-Hd5',
  CLIENT_PASSWORD: 'cl1ent-Pa55-Vb9',
};
export const HOST = {
  ACME_PASSWORD: SECRETS.ACME_PASSWORD,
  ACME_TOKEN: SECRETS.ACME_TOKEN,
  BETA_TOKEN: SECRETS.BETA_TOKEN,
  TEAM_PASSWORD: SECRETS.TEAM_PASSWORD,
};

/** A registry that is not there: the engine has an image of this name. */
export const MIRROR = 'mirror.acme.test/dockerhub';
export const BASE = 'python:3.13-slim-trixie';

/** These are reached directly. */
export const NO_PROXY = `no-proxy-for.acme.test,${ACME},${BETA}`;

export const MAIN = 'import acme_sauce, beta_spice\n\nprint(acme_sauce.FLAVOUR, beta_spice.FLAVOUR)\n';

/** Each manager as its users write it: names of indexes with variables for them, or variables in the address. */
export function manifests(port: number): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const [acme, beta] = [`https://${ACME}:${port}/simple/`, `https://${BETA}:${port}/simple/`];
  const secretAcme = `https://reader:\${ACME_TOKEN}@${ACME}:${port}/simple/`;
  const secretBeta = `https://reader:\${BETA_TOKEN}@${BETA}:${port}/simple/`;
  const project = '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.13"\ndependencies = [';
  return {
    pip: {
      'requirements.txt': `--extra-index-url ${secretAcme}\n--extra-index-url ${secretBeta}\nacme-sauce\nbeta-spice\n`,
    },
    uv: {
      'pyproject.toml': `${project}"acme-sauce", "beta-spice"]\n
[tool.uv.sources]\nacme-sauce = { index = "acme" }\n
[[tool.uv.index]]\nname = "acme"\nurl = "${acme}"\nexplicit = true\n
[[tool.uv.index]]\nname = "beta"\nurl = "${beta}"\n`,
    },
    poetry: {
      'pyproject.toml': `[tool.poetry]\npackage-mode = false\n
[tool.poetry.dependencies]\npython = ">=3.13,<4"
acme-sauce = { version = "*", source = "acme" }\nbeta-spice = { version = "*", source = "beta" }\n
[[tool.poetry.source]]\nname = "acme"\nurl = "${acme}"\npriority = "explicit"\n
[[tool.poetry.source]]\nname = "beta"\nurl = "${beta}"\npriority = "explicit"\n`,
    },
    pdm: {
      'pyproject.toml': `${project}"acme-sauce", "beta-spice"]\n
[tool.pdm]\ndistribution = false\n
[[tool.pdm.source]]\nname = "acme"\nurl = "${secretAcme}"\n
[[tool.pdm.source]]\nname = "beta"\nurl = "${secretBeta}"\n`,
    },
    pipenv: {
      Pipfile: `[[source]]\nname = "acme"\nurl = "${secretAcme}"\nverify_ssl = true\n
[[source]]\nname = "beta"\nurl = "${secretBeta}"\nverify_ssl = true\n
[packages]\nacme-sauce = { version = "*", index = "acme" }\nbeta-spice = { version = "*", index = "beta" }\n
[requires]\npython_version = "3.13"\n`,
    },
    // Two more ways that are nobody's in particular: by host, and by the environment.
    netrc: {
      'requirements.in': `--extra-index-url ${acme}\n--extra-index-url ${beta}\nacme-sauce\nbeta-spice\n`,
    },
    // Named indexes of one host.
    team: {
      'pyproject.toml': `${project}"acme-sauce", "beta-spice"]\n
[[tool.uv.index]]\nname = "acme"\nurl = "${acme.replace('/simple', '/cooks/simple')}"\n
[[tool.uv.index]]\nname = "team"\nurl = "${acme.replace('/simple', '/team/simple')}"\n`,
    },
    environment: { 'requirements.txt': 'acme-sauce\nbeta-spice\n' },
    // No index at all, but a page with wheels.
    offline: { 'requirements.txt': 'acme-sauce\nbeta-spice\n' },
  };
}

const secret = (env: string): object => ({ secret: { env } });

/** Settings of single projects beside those of the workspace. */
const settingsOf = (manager: string, port: number, wheels: string): object | undefined =>
  (
    ({
      netrc: {
        installer: 'pip',
        buildEnv: { NETRC: { secret: { file: 'secrets/netrc' }, rotates: true } },
      },
      offline: {
        buildEnv: {
          PIP_NO_INDEX: '1',
          PIP_FIND_LINKS: `${wheels}/`,
          PIP_TRUSTED_HOST: new URL(wheels).host,
        },
      },
      environment: {
        registryMirror: MIRROR,
        installer: { name: 'uv', source: `https://reader:\${ACME_TOKEN}@${ACME}:${port}/simple/` },
        buildEnvFile: '.env.build',
        buildEnv: { PIP_EXTRA_INDEX_URL: secret('ACME_AND_BETA') },
      },
    }) as Readonly<Record<string, object>>
  )[manager];

/** The projects: files of each, below `apps/e2e-index-<name>`. `wheels`: address of a page that links to all of them. */
export function projects(port: number, wheels: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, texts] of Object.entries(manifests(port))) {
    const root = `apps/e2e-index-${name}`;
    for (const [file, text] of Object.entries(texts)) files[`${root}/${file}`] = text;
    files[`${root}/main.py`] = MAIN;
    files[`${root}/project.json`] = JSON.stringify({ name: `e2e-index-${name}` });
    files[`${root}/docker-python.json`] = JSON.stringify({
      version: 1,
      command: ['python', 'main.py'],
      python: '3.13',
      ...settingsOf(name, port, wheels),
    });
  }
  return files;
}

/** The projects that have pins of their own, and where; the others are resolved in every build. */
export const PINNED = {
  uv: 'uv.lock',
  poetry: 'poetry.lock',
  pdm: 'pdm.lock',
  pipenv: 'Pipfile.lock',
  netrc: 'requirements.txt',
};

/** Settings of the workspace. `cache`: absolute path of the folder that BuildKit's layers are exported to. */
export const defaults = (cache: string): object => ({
  caBundle: 'ca.pem',
  secretsSalt: 'a-salt-of-this-test-0123456789',
  buildEnv: {
    UV_INDEX_ACME_USERNAME: 'reader',
    UV_INDEX_ACME_PASSWORD: secret('ACME_PASSWORD'),
    UV_INDEX_BETA_USERNAME: 'reader',
    UV_INDEX_BETA_PASSWORD: secret('BETA_TOKEN'),
    UV_INDEX_TEAM_USERNAME: 'member',
    UV_INDEX_TEAM_PASSWORD: secret('TEAM_PASSWORD'),
    POETRY_HTTP_BASIC_ACME_USERNAME: 'reader',
    POETRY_HTTP_BASIC_ACME_PASSWORD: secret('ACME_PASSWORD'),
    POETRY_HTTP_BASIC_BETA_USERNAME: 'reader',
    POETRY_HTTP_BASIC_BETA_PASSWORD: secret('BETA_TOKEN'),
    ACME_TOKEN: secret('ACME_TOKEN'),
    BETA_TOKEN: secret('BETA_TOKEN'),
  },
  extraBuildArgs: [
    ...[ACME, BETA].map((host) => `--add-host=${host}:host-gateway`),
    '--provenance=mode=max',
    `--cache-to=type=local,dest=${cache},mode=max`,
  ],
});

/** Of `environment`: both indexes in one variable, with their credentials. */
export function environmentFile(port: number): string {
  const both = [
    `https://reader:${encodeURIComponent(SECRETS.ACME_PASSWORD)}@${ACME}:${port}/simple/`,
    `https://reader:${SECRETS.BETA_TOKEN}@${BETA}:${port}/simple/`,
  ];
  return `ACME_AND_BETA="${both.join(' ')}"\n`;
}

/** Of `netrc`, with a token of the second index. */
export const netrc = (token: string): string =>
  `machine ${ACME} login reader password ${SECRETS.ACME_PASSWORD}\nmachine ${BETA} login reader password ${token}\n`;

/** The indexes, by address, and who reads them. */
export function servedIndexes(
  sauce: ServedWheel,
  spice: ServedWheel,
  uv: ServedWheel,
): Readonly<Record<string, ServedIndex>> {
  const { ACME_PASSWORD, ACME_TOKEN, BETA_TOKEN, BETA_TOKEN_RENEWED, TEAM_PASSWORD } = SECRETS;
  const [acme, beta] = [{ 'acme-sauce': sauce }, { 'beta-spice': spice }];
  return {
    [ACME]: { user: 'reader', passwords: [ACME_PASSWORD, ACME_TOKEN], packages: { ...acme, uv } },
    [BETA]: { user: 'reader', passwords: [BETA_TOKEN, BETA_TOKEN_RENEWED], packages: beta },
    [COOKS]: { user: 'reader', passwords: [ACME_PASSWORD], packages: acme },
    [TEAM]: { user: 'member', passwords: [TEAM_PASSWORD], packages: beta },
  };
}
