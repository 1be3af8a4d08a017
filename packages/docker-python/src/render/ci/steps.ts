import { readAsset } from '../assets';
import { managed } from '../managed';
import { shellLine } from '../shell';
import { BEFORE, STEPS, type CiFacts, type CiFile } from './types';

/** The script that every CI system calls: the same commands, whoever runs them. */
export function renderSteps(
  facts: Omit<CiFacts, 'schedule' | 'renewal' | 'branches' | 'releaseTags'>,
): CiFile {
  const { setup, registries, sources, secrets, targets, defaultBranch, command } = facts;
  const settings = [
    `nx=(${shellLine(setup.nx)}) before=${BEFORE}`,
    `default_branch=${shellLine([defaultBranch])}`,
    `registries=(${shellLine(registries)}) sources=(${shellLine(sources)})`,
    `secrets=(${shellLine(secrets)})`,
    `build=${shellLine([targets.build])} smoke_test=${shellLine([targets.smokeTest])}`,
    `push=${shellLine([targets.push])} audit=${shellLine([targets.audit])}`,
  ];
  const body = readAsset('ci', 'steps.sh.template').replace('{{settings}}', () => settings.join('\n'));
  return { path: STEPS, text: managed(body, editIt(command)) };
}

/** What the header of a CI file says: unlike a Dockerfile it follows nothing but the command that made it. */
export function editIt(command: string): string {
  return `Edited, it is yours and is left alone. To renew it: ${command}`;
}
