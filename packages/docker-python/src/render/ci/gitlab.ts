import { managed } from '../managed';
import { patternExpression } from './patterns';
import { editIt } from './steps';
import { BOTS, loginOf, STEPS, type CiFacts, type CiFile } from './types';

/** Our part of the pipeline, and what includes it. */
export const GITLAB = { part: '.gitlab/docker-python.yml', root: '.gitlab-ci.yml' } as const;

/**
 * The jobs for GitLab CI, in a file that the pipeline of the workspace includes. Source: "CI/CD YAML syntax reference".
 * A schedule is no part of it: GitLab keeps those in the project's settings.
 */
export function renderGitlab(facts: CiFacts): readonly CiFile[] {
  const body = [
    ...template(facts),
    '',
    ...job('verify', ['merge_request_event'], '', ['interruptible: true', ...withoutToken], ['verify']),
    '',
    ...job('publish', ['push'], onBranch(facts.branches), publishing, ['publish']),
    ...(facts.releaseTags.length === 0
      ? []
      : ['', ...job('release', ['push'], onTag(facts.releaseTags), [oneAtATime], ['release'])]),
    ...(facts.schedule === 'never'
      ? []
      : [
          '',
          ...job(
            'renew',
            ['schedule', 'web'],
            RENEWAL,
            [...publishing, ...withToken],
            [`renew ${facts.renewal}`],
          ),
          '',
          ...job('audit', ['schedule', 'web'], RENEWAL, withoutToken, ['audit']),
        ]),
    '',
    '# Two jobs: the one that runs what a bot has bumped needs no token, and the one that writes runs nothing of it.',
    ...job(
      'mend',
      ['push'],
      BOT,
      ['artifacts:', '  paths: [mend.patch]', '  expire_in: 1 day', ...withoutToken],
      ['mend'],
    ),
    '',
    ...job(
      'mend-push',
      ['push'],
      BOT,
      ['needs: ["docker-python:mend"]', 'before_script: []', 'services: []', ...withToken],
      ['mend-push'],
    ),
    '',
  ].join('\n');
  return [{ path: GITLAB.part, text: managed(body, editIt(facts.command)) }];
}

/** For a workspace that has no pipeline yet; written once. */
export function gitlabRoot(): CiFile {
  return { path: GITLAB.root, text: `include:\n  - local: ${GITLAB.part}\n` };
}

/** Whether GitLab gives every job a login of this registry: its own one, which a GitLab of one's own has as well. */
export function isGitlabRegistry(host: string): boolean {
  return host.startsWith('registry.gitlab.');
}

const onBranch = (patterns: readonly string[]): string => matches('CI_COMMIT_BRANCH', patterns);
const onTag = (patterns: readonly string[]): string => matches('CI_COMMIT_TAG', patterns);

function matches(variable: string, patterns: readonly string[]): string {
  return ` && $${variable} =~ /${patternExpression(patterns)}/`;
}

const BOT = onBranch(BOTS.map((bot) => `${bot}/**`));

/** A team has schedules for other purposes, and a button that runs a pipeline. */
const RENEWAL = ' && $DOCKER_PYTHON == "renewal"';

/** Variables may be limited to jobs of an environment: the token to those that write to the repository. */
const withToken = ['environment:', '  name: docker-python', '  action: access'];

/** What these jobs run nobody may have looked at yet. Where the token is not limited, every job of a branch has it. */
const withoutToken = [
  'before_script:',
  '  - unset DOCKER_PYTHON_TOKEN',
  '  - !reference [.docker-python, before_script]',
];

/** For each branch or tag, the oldest first. */
const oneAtATime = 'resource_group: docker-python-$CI_COMMIT_REF_SLUG';

/** It knows which commit was published last. */
const publishing = [
  oneAtATime,
  'cache:',
  '  - !reference [.docker-python, cache]',
  '  - key: docker-python-published-$CI_COMMIT_REF_SLUG',
  '    paths: [.nx/docker-python]',
];

function template({ setup, registries }: CiFacts): readonly string[] {
  const version = 'file' in setup.node ? '24' : setup.node.version;
  const logins = registries.flatMap((host, index) => {
    if (!isGitlabRegistry(host)) return [];
    return (['write', 'read'] as const).flatMap((access) => {
      const { username, password } = loginOf(index, access);
      return [`    ${username}: $CI_REGISTRY_USER`, `    ${password}: $CI_REGISTRY_PASSWORD`];
    });
  });
  return [
    '.docker-python:',
    '  stage: test',
    `  image: node:${version}-trixie`,
    '  services:',
    '    - name: docker:28-dind',
    '      alias: docker',
    '  variables:',
    '    DOCKER_HOST: tcp://docker:2376',
    "    DOCKER_TLS_VERIFY: '1'",
    '    DOCKER_TLS_CERTDIR: /certs',
    '    DOCKER_CERT_PATH: /certs/client',
    '    # Commits are compared, so their history is needed.',
    "    GIT_DEPTH: '0'",
    ...(setup.npm ? ['    npm_config_cache: $CI_PROJECT_DIR/.npm'] : []),
    ...logins,
    '  cache:',
    ...(setup.npm
      ? ['    key:', '      files: [package-lock.json]', '    paths: [.npm]']
      : ['    key: docker-python', '    paths: []']),
    '  before_script:',
    // By Debian's names; its docker-compose is the plugin of the client.
    '    - command -v docker > /dev/null || { apt-get update -qq && apt-get install -qq -y --no-install-recommends docker-cli docker-buildx docker-compose; }',
    ...setup.install.map((line) => `    - ${line}`),
  ];
}

/** @param where a further condition: the branches or tags that it is for */
function job(
  name: string,
  sources: readonly string[],
  where: string,
  more: readonly string[],
  commands: readonly string[],
): readonly string[] {
  return [
    `docker-python:${name}:`,
    '  extends: .docker-python',
    '  rules:',
    ...sources.map((source) => `    - if: $CI_PIPELINE_SOURCE == "${source}"${where}`),
    ...more.map((line) => `  ${line}`),
    '  script:',
    ...commands.map((command) => `    - bash ${STEPS} ${command}`),
  ];
}
