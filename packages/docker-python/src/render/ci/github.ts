import { managed } from '../managed';
import { editIt } from './steps';
import { BOTS, CRON, loginsOf, STEPS, type Access, type CiFacts, type CiFile } from './types';

/** An expression of GitHub's: `${{ … }}`. */
const x = (expression: string): string => `\${{ ${expression} }}`;

const REF = x('github.ref_name');
const BOT = BOTS.map((bot) => `startsWith(github.ref, 'refs/heads/${bot}/')`).join(' || ');

/** Whether the token of a job is a login of this registry. */
export function isGithubRegistry(host: string): boolean {
  return host === 'ghcr.io';
}

/** A token that may push where the job's own may not, or whose pushes start further runs. */
const TOKEN = x('secrets.DOCKER_PYTHON_TOKEN || github.token');

/**
 * The workflow for GitHub Actions. Sources: "Workflow syntax for GitHub Actions", "Automatic token authentication",
 * "Dependabot on GitHub Actions"; only actions of GitHub itself are used.
 */
export function renderGithub(facts: CiFacts): readonly CiFile[] {
  const scheduled = facts.schedule !== 'never';
  const jobs = [
    verify(facts),
    publish(facts),
    ...(facts.releaseTags.length > 0 ? [release(facts)] : []),
    ...(scheduled ? [renew(facts), audit(facts)] : []),
    ...mend(facts),
  ];
  const body = [
    'name: docker-python',
    '',
    'on:',
    '  pull_request:',
    '  merge_group:',
    '  push:',
    '    branches:',
    ...[...facts.branches, ...BOTS.map((bot) => `${bot}/**`)].map((branch) => `      - '${branch}'`),
    ...(facts.releaseTags.length > 0
      ? ['    tags:', ...facts.releaseTags.map((tag) => `      - '${tag}'`)]
      : []),
    ...(facts.schedule === 'never'
      ? []
      : ['  schedule:', `    - cron: '${CRON[facts.schedule]}'`, '  workflow_dispatch:']),
    '',
    '# Each job asks for what it needs.',
    'permissions: {}',
    '',
    'jobs:',
    jobs.join('\n\n'),
    '',
  ].join('\n');
  return [{ path: '.github/workflows/docker-python.yml', text: managed(body, editIt(facts.command)) }];
}

interface Job {
  readonly name: string;
  readonly when: string;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly more?: readonly string[];
  readonly steps: readonly (readonly string[])[];
}

function job({ name, when, permissions, more = [], steps }: Job): string {
  return [
    `  ${name}:`,
    `    if: ${when}`,
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 90',
    '    permissions:',
    ...Object.entries(permissions).map(([scope, access]) => `      ${scope}: ${access}`),
    ...more.map((line) => `    ${line}`),
    '    steps:',
    ...steps.flatMap(([first, ...rest]) => [`      - ${first}`, ...rest.map((line) => `        ${line}`)]),
  ].join('\n');
}

/** A change, alone or in a merge queue. Nothing is sent, so that a fork can do it. */
function verify(facts: CiFacts): string {
  return job({
    name: 'verify',
    when: "github.event_name == 'pull_request' || github.event_name == 'merge_group'",
    permissions: { contents: 'read', packages: 'read' },
    more: [
      'concurrency:',
      `  group: docker-python-verify-${x('github.event.pull_request.number || github.ref')}`,
      '  cancel-in-progress: true',
    ],
    steps: [
      ...workspace(facts, ['persist-credentials: false']),
      steps('verify', [
        ...secrets(facts, 'read'),
        `DOCKER_PYTHON_BASE: ${x('github.event.merge_group.base_sha')}`,
      ]),
    ],
  });
}

/** One at a time for each branch; what waits too long is part of the next. */
function publish(facts: CiFacts): string {
  return job({
    name: 'publish',
    when: `github.event_name == 'push' && github.ref_type == 'branch' && !(${BOT})`,
    permissions: { contents: 'read', packages: 'write' },
    more: [...oneAtATime, ...pushedBy('publish')],
    steps: [
      ...workspace(facts, ['persist-credentials: false']),
      published,
      steps('publish', secrets(facts, 'write'), 'publish'),
    ],
  });
}

/** A group for each tag, since of those that wait in one group only the last stays. */
function release(facts: CiFacts): string {
  return job({
    name: 'release',
    when: "github.event_name == 'push' && github.ref_type == 'tag'",
    permissions: { contents: 'read', packages: 'write' },
    more: [...oneAtATime, ...pushedBy('release')],
    steps: [
      ...workspace(facts, ['persist-credentials: false']),
      steps('release', secrets(facts, 'write'), 'release'),
    ],
  });
}

function renew(facts: CiFacts): string {
  const review = facts.renewal === 'pull-request';
  return job({
    name: 'renew',
    when: "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'",
    permissions: {
      contents: 'write',
      packages: 'write',
      ...(review ? { 'pull-requests': 'write' as const } : {}),
    },
    more: [...oneAtATime, ...pushedBy('renew')],
    steps: [
      ...workspace(facts, [`token: ${TOKEN}`]),
      published,
      steps(
        `renew ${facts.renewal}`,
        [
          ...secrets(facts, 'write'),
          `GH_TOKEN: ${TOKEN}`,
          'GIT_AUTHOR_NAME: github-actions[bot]',
          'GIT_AUTHOR_EMAIL: 41898282+github-actions[bot]@users.noreply.github.com',
        ],
        'renew',
      ),
    ],
  });
}

function audit(facts: CiFacts): string {
  return job({
    name: 'audit',
    when: "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'",
    permissions: { contents: 'read', packages: 'read' },
    steps: [...workspace(facts, ['persist-credentials: false']), steps('audit', secrets(facts, 'read'))],
  });
}

/** Two jobs: the one that runs what a bot has bumped may write nothing, as in verify, and the one that writes runs nothing of it. */
function mend(facts: CiFacts): readonly string[] {
  return [
    job({
      name: 'mend',
      when: `github.event_name == 'push' && (${BOT})`,
      permissions: { contents: 'read', packages: 'read' },
      more: ['outputs:', `  changed: ${x('steps.mend.outputs.changed')}`],
      steps: [
        ...workspace(facts, ['persist-credentials: false']),
        [
          'id: mend',
          'run: |',
          `  bash ${STEPS} mend`,
          '  if [ -s mend.patch ]; then echo changed=true >> "$GITHUB_OUTPUT"; fi',
          ...environment([...logins(facts, 'read'), ...forBuilds(facts)]),
        ],
        [
          "if: steps.mend.outputs.changed == 'true'",
          'uses: actions/upload-artifact@v6',
          'with:',
          '  name: mend',
          '  path: mend.patch',
        ],
      ],
    }),
    job({
      name: 'mend-push',
      when: "needs.mend.outputs.changed == 'true'",
      permissions: { contents: 'write' },
      more: ['needs: mend'],
      steps: [
        ['uses: actions/checkout@v6', 'with:', `  token: ${TOKEN}`],
        ['uses: actions/download-artifact@v7', 'with:', '  name: mend'],
        steps('mend-push', [
          'GIT_AUTHOR_NAME: github-actions[bot]',
          'GIT_AUTHOR_EMAIL: 41898282+github-actions[bot]@users.noreply.github.com',
        ]),
      ],
    }),
  ];
}

const oneAtATime = [
  'concurrency:',
  `  group: docker-python-publish-${x('github.ref')}`,
  '  cancel-in-progress: false',
];

/** What push says of the images, for other jobs. As JSON, since a workflow has to name its outputs before they are there. */
const pushedBy = (step: string): readonly string[] => [
  'outputs:',
  `  pushed: ${x(`toJSON(steps.${step}.outputs)`)}`,
];

/** Which commit was published last. Saved only if the job succeeds. */
const published = [
  'uses: actions/cache@v5',
  'with:',
  '  path: .nx/docker-python',
  `  key: docker-python-published-${REF}-${x('github.run_id')}-${x('github.run_attempt')}`,
  `  restore-keys: docker-python-published-${REF}-`,
];

/** The sources with their whole history, since commits are compared, and what package.json asks for. */
function workspace({ setup }: CiFacts, checkout: readonly string[]): readonly (readonly string[])[] {
  const version =
    'file' in setup.node ? `node-version-file: ${setup.node.file}` : `node-version: '${setup.node.version}'`;
  return [
    ['uses: actions/checkout@v6', 'with:', '  fetch-depth: 0', ...checkout.map((line) => `  ${line}`)],
    [
      'uses: actions/setup-node@v6',
      'with:',
      `  ${version}`,
      ...(setup.npm ? ['  cache: npm'] : ['  package-manager-cache: false']),
    ],
    ['run: |', ...setup.install.map((line) => `  ${line}`)],
  ];
}

/** @param id by which others read what the step puts out */
function steps(command: string, env: readonly string[], id?: string): readonly string[] {
  return [...(id === undefined ? [] : [`id: ${id}`]), `run: bash ${STEPS} ${command}`, ...environment(env)];
}

function environment(env: readonly string[]): readonly string[] {
  return env.length === 0 ? [] : ['env:', ...env.map((line) => `  ${line}`)];
}

/** What builds and exports of slices read. A secret that is not there is an empty variable, which the build names. */
function forBuilds({ secrets: names }: CiFacts): readonly string[] {
  return names.map((name) => `${name}: ${x(`secrets.${name}`)}`);
}

/** Logins, a cache of Nx that machines share where there is one, and what builds read. A fork has none of these. */
function secrets(facts: CiFacts, access: Access): readonly string[] {
  return [
    ...logins(facts, access),
    cacheToken('NX_CLOUD', access),
    `NX_SELF_HOSTED_REMOTE_CACHE_SERVER: ${x('secrets.NX_SELF_HOSTED_REMOTE_CACHE_SERVER')}`,
    cacheToken('NX_SELF_HOSTED_REMOTE_CACHE', access),
    ...forBuilds(facts),
  ];
}

function logins(facts: CiFacts, access: Access): readonly string[] {
  return loginsOf(facts, access).flatMap(({ host, username, password }) =>
    isGithubRegistry(host)
      ? [`${username}: ${x('github.actor')}`, `${password}: ${x('github.token')}`]
      : [`${username}: ${x(`secrets.${username}`)}`, `${password}: ${x(`secrets.${password}`)}`],
  );
}

/** What nobody has looked at yet had better not write results that the publishing job would take for its own. */
function cacheToken(cache: string, access: Access): string {
  const any = `secrets.${cache}_ACCESS_TOKEN`;
  return `${cache}_ACCESS_TOKEN: ${x(access === 'read' ? `secrets.${cache}_READ_TOKEN || ${any}` : any)}`;
}
