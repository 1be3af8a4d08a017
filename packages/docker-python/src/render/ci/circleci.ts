import { managed } from '../managed';
import { patternExpression } from './patterns';
import { editIt } from './steps';
import { BOTS, STEPS, type CiFacts, type CiFile } from './types';

const BOT = `/${patternExpression(BOTS.map((bot) => `${bot}/**`))}/`;

/** A value that CircleCI fills in when it reads the file. */
const TASK = '<< pipeline.parameters.docker-python >>';

/**
 * The configuration for CircleCI. Sources: "Configuration reference", "Schedule triggers", "Controlling serial execution
 * across your organization". A schedule trigger is made in the project's settings; it gives the parameter.
 *
 * @param path the usual file, or another one where that is somebody else's
 */
export function renderCircleci(facts: CiFacts, path: string): readonly CiFile[] {
  const published = patternExpression(facts.branches);
  const scheduled = facts.schedule !== 'never';
  const releases = facts.releaseTags.length > 0;
  const jobs = [
    job('verify', [...sources(facts), steps('verify')]),
    job('publish', [...sources(facts), restore, steps('publish'), save]),
    ...(releases ? [job('release', [...sources(facts), steps('release')])] : []),
    ...(scheduled
      ? [
          job('renew', [...sources(facts), restore, steps(`renew ${facts.renewal}`), save]),
          job('audit', [...sources(facts), steps('audit')]),
        ]
      : []),
    job('mend', [...sources(facts), steps('mend'), persist]),
    job('mend-push', [['checkout'], attach, steps('mend-push')]),
  ];
  const body = [
    'version: 2.1',
    '',
    'parameters:',
    '  docker-python:',
    '    description: What a pipeline is for; a schedule trigger says renewal',
    '    type: enum',
    '    enum: [changes, renewal]',
    '    default: changes',
    '',
    'jobs:',
    jobs.join('\n\n'),
    '',
    'workflows:',
    '  docker-python:',
    '    when:',
    `      equal: [changes, ${TASK}]`,
    '    jobs:',
    ...use('verify', ['filters:', `  branches: { ignore: '/${published}/' }`]),
    ...use('publish', [ONE_AT_A_TIME, 'filters:', `  branches: { only: '/${published}/' }`]),
    ...(releases
      ? use('release', [
          'filters:',
          "  branches: { ignore: '/.*/' }",
          `  tags: { only: '/${patternExpression(facts.releaseTags)}/' }`,
        ])
      : []),
    ...use('mend', ['filters:', `  branches: { only: '${BOT}' }`]),
    ...use('mend-push', ['requires: [docker-python-mend]', 'filters:', `  branches: { only: '${BOT}' }`]),
    ...(scheduled
      ? [
          '',
          '  docker-python-renewal:',
          '    when:',
          `      equal: [renewal, ${TASK}]`,
          '    jobs:',
          ...use('renew', [ONE_AT_A_TIME]),
          ...use('audit', []),
        ]
      : []),
    '',
  ].join('\n');
  return [{ path, text: managed(body, editIt(facts.command)) }];
}

const ONE_AT_A_TIME = 'serial-group: << pipeline.project.slug >>/docker-python/<< pipeline.git.branch >>';

/** Which commit was published last. A cache is never changed, so that each has a name of its own. */
const restore = ['restore_cache:', '    keys:', '      - docker-python-published-{{ .Branch }}-'];
const save = [
  'save_cache:',
  '    key: docker-python-published-{{ .Branch }}-{{ .Revision }}-{{ epoch }}',
  '    paths: [.nx/docker-python]',
];
const persist = ['persist_to_workspace:', '    root: .', '    paths: [mend.patch]'];
const attach = ['attach_workspace:', '    at: .'];

function job(name: string, all: readonly (readonly string[])[]): string {
  return [
    `  docker-python-${name}:`,
    '    machine:',
    '      image: ubuntu-2404:current',
    '    steps:',
    ...all.flatMap(([first, ...rest]) => [`      - ${first}`, ...rest.map((line) => `      ${line}`)]),
  ].join('\n');
}

function sources({ setup }: CiFacts): readonly (readonly string[])[] {
  // The machines have nvm, which reads .nvmrc, and Node in a recent version.
  const version =
    'file' in setup.node && setup.node.file === '.nvmrc'
      ? ['if [ -s "$HOME/.nvm/nvm.sh" ]; then', '  . "$HOME/.nvm/nvm.sh" && nvm install', 'fi']
      : [];
  return [
    ['checkout'],
    ...(setup.npm ? [['restore_cache:', '    keys:', '      - npm-{{ checksum "package-lock.json" }}']] : []),
    [
      'run:',
      '    name: Install',
      '    command: |',
      ...[...version, ...setup.install].map((line) => `      ${line}`),
    ],
    ...(setup.npm
      ? [['save_cache:', '    key: npm-{{ checksum "package-lock.json" }}', '    paths: [~/.npm]']]
      : []),
  ];
}

function steps(command: string): readonly string[] {
  return ['run:', `    name: ${command}`, `    command: bash ${STEPS} ${command}`];
}

function use(name: string, more: readonly string[]): readonly string[] {
  return more.length === 0
    ? [`      - docker-python-${name}`]
    : [`      - docker-python-${name}:`, ...more.map((line) => `          ${line}`)];
}
