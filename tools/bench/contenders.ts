import { uv } from '../uv/lock';
import { BASE, moduleOf, type BenchWorkspace } from './workspace';

/** What a user would pick: how it is set up, and how it builds. */
export interface Contender {
  readonly name: string;
  /** Where its set-up comes from. */
  readonly source: string;
  setUp(workspace: BenchWorkspace): Promise<void>;
  build(
    workspace: BenchWorkspace,
    services: readonly string[],
    options: { readonly cold: boolean },
  ): Promise<void>;
  image(service: string): string;
  /** Whether it can be told to build without a layer cache. */
  readonly canBeCold?: false;
  /** What it has to do after a change of the lock, before it builds; part of what is measured. */
  follow?(workspace: BenchWorkspace): Promise<void>;
}

/** Docker's guide for Python, "Containerize": one stage, requirements first. */
const PLAIN = (name: string): string => `FROM ${BASE}
WORKDIR /app
COPY apps/${name}/requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY libs/shared libs/shared
RUN pip install --no-cache-dir ./libs/shared
COPY apps/${name} .
CMD ["uvicorn", "${moduleOf(name)}.main:app", "--host", "0.0.0.0", "--port", "8000"]
`;

/** uv's own example for several stages, in a workspace: "Using uv in Docker", "Intermediate layers", "Non-editable installs". */
const MULTI_STAGE =
  (contender: string) =>
  (name: string): string => `FROM ${BASE} AS builder
ENV CONTENDER=${contender}
RUN --mount=type=cache,target=/root/.cache/pip pip install uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=0
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/uv \\
    --mount=type=bind,source=uv.lock,target=uv.lock \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    uv sync --frozen --no-install-workspace --no-dev --package ${name}
COPY . /app
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv sync --frozen --no-dev --no-editable --package ${name}

FROM ${BASE}
COPY --from=builder /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
CMD ["uvicorn", "${moduleOf(name)}.main:app", "--host", "0.0.0.0", "--port", "8000"]
`;

function writeDockerfiles(workspace: BenchWorkspace, text: (name: string) => string): void {
  for (const name of workspace.services) workspace.write(`apps/${name}/Dockerfile`, text(name));
}

async function exportLists(workspace: BenchWorkspace): Promise<void> {
  for (const name of workspace.services) {
    const argv = ['export', '--quiet', '--frozen', '--no-dev', '--no-emit-workspace', '--package', name];
    workspace.write(`apps/${name}/requirements.txt`, await uv(workspace.root, argv));
  }
}

/** One after the other, as a shell loop would. */
function buildEach(prefix: string): Contender['build'] {
  return async (workspace, services, { cold }) => {
    for (const name of services) {
      await workspace.run(
        'docker',
        ...['buildx', 'build', '--load', '--progress=quiet', ...(cold ? ['--no-cache'] : [])],
        ...['--file', `apps/${name}/Dockerfile`, '--tag', `${prefix}-${name}`, '.'],
      );
    }
  };
}

function runMany(target: string): Contender['build'] {
  return async (workspace, services, { cold }) => {
    await workspace.nx(
      'run-many',
      `--targets=${target}`,
      `--projects=${services.join(',')}`,
      '--output-style=static',
      ...(cold ? ['--skip-nx-cache', '--no-cache'] : []),
    );
  };
}

function register(workspace: BenchWorkspace, plugin: string, options: object): void {
  const nxJson = JSON.parse(workspace.read('nx.json')) as object;
  workspace.write('nx.json', JSON.stringify({ ...nxJson, plugins: [{ plugin, options }] }));
}

export const OURS = 'docker-python';

export const CONTENDERS: readonly Contender[] = [
  {
    name: OURS,
    source: 'README: setup, docker-build',
    async setUp(workspace) {
      register(workspace, 'docker-python', {
        defaults: { base: { image: BASE, family: 'debian' }, caBundle: false },
      });
      for (const name of workspace.services)
        await workspace.nx(
          'g',
          'docker-python:setup',
          name,
          '--python=python3.13',
          `--command=uvicorn ${moduleOf(name)}.main:app --host 0.0.0.0 --port 8000`,
          '--port=8000',
        );
    },
    build: runMany('docker-build'),
    image: (service) => `${service}:latest`,
    follow: async (workspace) => void (await workspace.nx('sync')),
  },
  {
    name: 'plain Dockerfile',
    source: "Docker's guide for Python",
    async setUp(workspace) {
      await exportLists(workspace);
      writeDockerfiles(workspace, PLAIN);
    },
    build: buildEach('bench-plain'),
    image: (service) => `bench-plain-${service}:latest`,
    follow: exportLists,
  },
  {
    name: 'uv multi-stage',
    source: "uv's guide for Docker, with the workspace as context",
    setUp(workspace) {
      writeDockerfiles(workspace, MULTI_STAGE('stages'));
      return Promise.resolve();
    },
    build: buildEach('bench-stages'),
    image: (service) => `bench-stages-${service}:latest`,
  },
  {
    name: 'buildx bake',
    source: "bake's reference; the same Dockerfiles",
    setUp(workspace) {
      writeDockerfiles(workspace, MULTI_STAGE('bake'));
      const target = Object.fromEntries(
        workspace.services.map((name) => [
          name,
          { context: '.', dockerfile: `apps/${name}/Dockerfile`, tags: [`bench-bake-${name}`] },
        ]),
      );
      workspace.write(
        'docker-bake.json',
        JSON.stringify({ group: { default: { targets: workspace.services } }, target }),
      );
      return Promise.resolve();
    },
    async build(workspace, services, { cold }) {
      await workspace.run(
        'docker',
        'buildx',
        'bake',
        '--load',
        '--progress=quiet',
        '--file=docker-bake.json',
        ...(cold ? ['--no-cache'] : []),
        ...services,
      );
    },
    image: (service) => `bench-bake-${service}:latest`,
  },
  {
    name: '@nx/docker',
    source: 'its inferred target; cwd and --file for the workspace as context; the same Dockerfiles',
    setUp(workspace) {
      writeDockerfiles(workspace, MULTI_STAGE('nx-docker'));
      register(workspace, '@nx/docker', {
        buildTarget: { name: 'docker:build', cwd: '.', args: ['--file {projectRoot}/Dockerfile'] },
        runTarget: 'docker:run',
      });
      return Promise.resolve();
    },
    build: runMany('docker:build'),
    image: (service) => `apps-${service}:latest`,
  },
  {
    name: '@nx-tools/nx-container',
    source:
      'its inferred target; the same Dockerfiles; an inferred target passes no option for a build without cache',
    canBeCold: false,
    setUp(workspace) {
      writeDockerfiles(workspace, MULTI_STAGE('nx-container'));
      register(workspace, '@nx-tools/nx-container', { defaultRegistry: 'bench-container' });
      return Promise.resolve();
    },
    build: runMany('container'),
    image: (service) => `bench-container/${service}:dev`,
  },
];
