import { readNxJson, updateNxJson } from '@nx/devkit';
import ci, { type CiOptions } from '../generators/ci/generator';
import { STEPS } from '../render/ci/types';
import { FLASK } from './projects';
import { quietly, workspaceTree } from './workspace';

export const PROVIDERS = ['github', 'gitlab', 'circleci', 'script'] as const;
export const PATHS = {
  github: '.github/workflows/docker-python.yml',
  gitlab: '.gitlab/docker-python.yml',
  circleci: '.circleci/config.yml',
  script: STEPS,
} as const;

export function workspace(settings: object = {}) {
  const tree = workspaceTree({
    api: { ...FLASK, 'docker-python.json': JSON.stringify({ version: 1, ...settings }) },
  });
  updateNxJson(tree, {
    ...readNxJson(tree),
    defaultBase: 'main',
    plugins: [{ plugin: 'docker-python', options: { defaults: { registry: 'ghcr.io/acme' } } }],
  });
  return tree;
}

export type Tree = ReturnType<typeof workspace>;

export const made = async (options: CiOptions, tree = workspace()) => {
  const { printed } = await quietly(() => ci(tree, options));
  return { tree, printed, text: tree.read(PATHS[options.provider], 'utf-8')! };
};

/** As far as these tests look into a configuration. */
export interface Workflow {
  readonly on: Record<string, { branches?: string[]; tags?: string[] } | { cron: string }[] | null>;
  readonly permissions: object;
  readonly jobs: Record<
    string,
    {
      if: string;
      permissions: object;
      outputs?: Record<string, string>;
      steps: { id?: string; run?: string; env?: Record<string, string> }[];
    }
  >;
}

/** A workspace whose builds read secrets: of all projects, of one, from a file, and of a name that the jobs have. */
export function withSecrets() {
  const tree = workspace({
    buildEnv: {
      NETRC: { secret: { file: '~/.netrc' } },
      UV_INDEX_ACME_PASSWORD: { secret: { env: 'ACME_TOKEN' } },
      UV_INDEX_BETA_PASSWORD: { secret: { env: 'REGISTRY_PASSWORD' } },
      BUILD_FLAVOUR: { env: 'BUILD_FLAVOUR' },
    },
  });
  const buildEnv = { GIT_TOKEN: { secret: { env: 'GITHUB_TOKEN' } } };
  const options = { defaults: { registry: 'registry.example.com/acme', buildEnv } };
  updateNxJson(tree, { ...readNxJson(tree), plugins: [{ plugin: 'docker-python', options }] });
  return tree;
}
