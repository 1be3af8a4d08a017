import { readFileSync } from 'node:fs';
import { ciCheckout, type Environment } from '../reference/ci-systems';

/** What the CI system that this runs on calls the default branch. */
export function ciDefaultBranch(env: Environment): string | undefined {
  return githubDefaultBranch(env) ?? ciCheckout(env)?.defaultBranch;
}

/** No variable of GitHub names it, but the event does. Source: GitHub, "Webhook events and payloads". */
function githubDefaultBranch(env: Environment): string | undefined {
  const path = env['GITHUB_EVENT_PATH'];
  if (path === undefined || path === '') return undefined;
  try {
    const event = JSON.parse(readFileSync(path, 'utf8')) as { repository?: { default_branch?: string } };
    return event.repository?.default_branch;
  } catch {
    return undefined; // not there, or of a service that only imitates GitHub
  }
}
