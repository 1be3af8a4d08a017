import { posix } from 'node:path';
import type { Library } from '../detection/libraries';
import type { Finding } from '../detection/types';
import { BASE_LOCK_FILE } from '../settings/file-name';
import type { ImageDesign } from './design-image';

/** One thing that was decided, and what decided it. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly from: string;
}

/** How a library gets into the image. */
const FORMS: Readonly<Record<Library['form']['value'], string>> = {
  wheel: 'as a wheel',
  'in-place': 'in place',
  archive: 'as it is',
};

/** Everything that was decided about an image, in the order in which a reader wants to know it. */
export function factsOf({ project, plan, settings, hooks, libraries }: ImageDesign): readonly Fact[] {
  const base = plan.stages.find((stage) => stage.name === 'base')!.image;
  const fact = (label: string, value: string, from: string): Fact => ({ label, value, from });
  return [
    fact('package manager', project.manager.value, project.manager.from),
    ...(project.lock ? [fact('lock file', posix.basename(project.lock.value), project.lock.from)] : []),
    ...(project.shared
      ? [
          fact(
            'lock slice',
            posix.relative(project.root, project.shared.slice),
            `what it installs of ${project.shared.lock}`,
          ),
        ]
      : []),
    fact('Python', project.python.value, project.python.from),
    ...(project.framework ? [fact('framework', project.framework.value, project.framework.from)] : []),
    ...Object.entries(project.processes).flatMap(([name, { value, from }]) => [
      fact(
        name === 'web' || name === 'main' ? 'start command' : `process ${name}`,
        value.command.join(' '),
        from,
      ),
      ...(value.port === undefined
        ? []
        : [fact('port', String(value.port), project.port?.value === value.port ? project.port.from : from)]),
    ]),
    fact('base image', base.reference, settings.sources.base ?? 'the default for this Python'),
    ...(base.digest ? [fact('its digest', base.digest, BASE_LOCK_FILE)] : []),
    ...(base.packages ? [fact('packages as of', base.packages, BASE_LOCK_FILE)] : []),
    fact('installed', plan.install.value, plan.install.from),
    ...libraries.map(({ root, form, from }) => fact('local library', `${root}, ${FORMS[form.value]}`, from)),
    ...Object.values(hooks).map(({ path }) =>
      fact(posix.basename(path) === 'entrypoint.sh' ? 'entrypoint' : 'hook', path, 'its name: a hook'),
    ),
    ...plan.systemPackages.runtime.map(({ value, from }) => fact('system package', value, from)),
    ...plan.systemPackages.build.map(({ value, from }) => fact('to build', value, from)),
    ...(settings.settings.extraRequirements ?? []).map((entry) =>
      fact('added', entry.split(' ')[0]!, `"extraRequirements" in ${settings.sources.extraRequirements}`),
    ),
  ];
}

/** What works but deserves attention, from every room. */
export function findingsOf({ findings }: ImageDesign): readonly Finding[] {
  return findings;
}

/** Facts as lines for a terminal of 80 columns: the value, and below it what decided it. */
export function factLines(facts: readonly Fact[]): readonly string[] {
  const indent = ''.padEnd(LABEL_WIDTH);
  return facts.flatMap(({ label, value, from }) => [
    ...wrapped(value, LABEL_WIDTH).map(
      (line, i) => `  ${i === 0 ? label.padEnd(LABEL_WIDTH) : indent} ${line}`,
    ),
    ...wrapped(`from ${from}`, LABEL_WIDTH).map((line) => `  ${indent} ${line}`),
  ]);
}

/** Findings as lines: what, and what to do. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ message, hint }) => [
    '',
    ...wrapped(message, 7).map((line, i) => `  ${i === 0 ? 'Note: ' : '      '}${line}`),
    ...wrapped(hint, 7).map((line) => `        ${line}`),
  ]);
}

const LABEL_WIDTH = 16;
const COLUMNS = 80;

/** Breaks a text at blanks so that it fits beside an indent; a word that is too long stays whole. */
export function wrapped(text: string, indent: number): readonly string[] {
  const width = COLUMNS - indent - 4;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
