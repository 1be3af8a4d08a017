import type { PushRecord } from '../record/push-record';
import type { Environment } from '../reference/ci-systems';

/** Text to be added to a file of the CI system. */
export interface CiOutput {
  /** Absolute, or relative to the workspace. */
  readonly path: string;
  readonly text: string;
}

/**
 * What a CI system is told about a push, in its own form; nothing where there is none that listens. Each push adds its
 * own lines, since the tasks of a run know nothing of each other. Sources: GitHub, "Workflow commands"; GitLab, "dotenv
 * report".
 */
export function ciOutputs(record: PushRecord, env: Environment): readonly CiOutput[] {
  const [first] = record.images;
  const name = record.project.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const tags = first!.tags.filter((tag) => !tag.startsWith('ck-'));
  const [output, summary] = [env['GITHUB_OUTPUT'], env['GITHUB_STEP_SUMMARY']];
  return [
    ...(output
      ? [
          {
            path: output,
            text: `image-${name}=${first!.reference}\ndigest-${name}=${record.digest}\ntags-${name}=${tags.join(' ')}\n`,
          },
        ]
      : []),
    ...(summary
      ? [
          {
            path: summary,
            text: `- **${record.project}** ${tags.map((tag) => `\`${tag}\``).join(' ')}${tags.length > 0 ? ': ' : ''}${record.images.map(({ reference }) => `\`${reference}\``).join(', ')}\n`,
          },
        ]
      : []),
    ...(env['GITLAB_CI'] ? [{ path: DOTENV, text: `${variable(name)}=${first!.reference}\n` }] : []),
  ];
}

/** For `artifacts: reports: dotenv` of GitLab, which names no file by itself. */
export const DOTENV = 'dist/docker-python/push.env';

/** `api-v2` -> `IMAGE_API_V2`. */
function variable(name: string): string {
  return `IMAGE_${name.replaceAll('-', '_').toUpperCase()}`;
}
