import { factLines, findingLines, wrapped } from '../../pipeline/facts';
import type { Diagnosis } from './diagnosis';

/** A diagnosis for people, readable at a glance on 80 columns. */
export function printDiagnosis(diagnosis: Diagnosis): string {
  const { project, root, facts, settings, stages, context, managedFiles, nextBuild, findings } = diagnosis;
  return [
    '',
    `${project} (${root})`,
    ...factLines(facts),
    ...section(
      'Settings',
      settings.length > 0
        ? settings.map(({ key, value, from }) => `${key} = ${short(value)}   (${from})`)
        : ['none: everything is detected'],
    ),
    ...section('Stages', wrapped(stages.join(' -> '), 4)),
    ...section(
      `Context: ${context.files} files, ${size(context.bytes)}; the largest`,
      context.largest.map(({ path, bytes }) => `${size(bytes).padStart(9)}  ${path}`),
    ),
    ...section(
      'Managed files',
      Object.entries(managedFiles).map(([path, state]) => `${path}: ${state}`),
    ),
    ...section(`Next build: ${nextBuild.outcome}`, [
      ...(nextBuild.contentKey
        ? [`content key ${nextBuild.contentKey}`, `for ${nextBuild.platforms?.join(', ')}`]
        : []),
      ...nextBuild.reasons.flatMap((reason) => wrapped(reason, 4)),
    ]),
    ...section(
      diagnosis.unreproducible.length === 0
        ? 'Built again from these sources: the same digest'
        : 'Built again from these sources: the same digest, but for',
      diagnosis.unreproducible.flatMap(({ message, hint }) =>
        wrapped(`${message} ${hint}`, 6).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`),
      ),
    ),
    ...findingLines(findings),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', `  ${title}`, ...lines.map((line) => `    ${line}`)];
}

const MAX_VALUE = 44;

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
