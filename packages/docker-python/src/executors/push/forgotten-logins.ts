import { join } from 'node:path';
import { STEPS } from '../../render/ci/types';
import { readIfPresent } from '../files';
import type { ProjectInQuestion } from '../project';
import { note } from '../registry-engine';

/** By the settings in files: a registry of this run alone is nothing that CI has to know. */
export function noteForgottenLogins({ name, workspaceRoot, committedDesign }: ProjectInQuestion): void {
  const registries = [committedDesign.settings.settings.registry ?? []].flat();
  const forgotten = forgottenLogins(registries, readIfPresent(join(workspaceRoot, STEPS)));
  if (forgotten !== undefined) note(`${name}: ${forgotten}`);
}

/**
 * What to say about registries that the script of the CI system does not log in to: it knows those that were set when
 * it was written.
 *
 * @param registries as the settings name them, in no matter which order
 * @param script text of the steps, where this workspace has them
 */
function forgottenLogins(registries: readonly string[], script: string | undefined): string | undefined {
  const [, known] = /^registries=\((.*)\)$/m.exec(script ?? '') ?? [];
  const [, command] = / To renew it: (.*)$/m.exec(script ?? '') ?? [];
  if (known === undefined || command === undefined) return undefined;
  const hosts = new Set(registries.map((registry) => registry.split('/')[0]!));
  const forgotten = [...hosts].filter((host) => !known.split(' ').includes(host));
  return forgotten.length === 0
    ? undefined
    : `CI does not log in to ${forgotten.join(', ')}: ${STEPS} was written before. Run: ${command}`;
}
