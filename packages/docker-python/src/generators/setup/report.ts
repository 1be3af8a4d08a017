import { basename } from 'node:path/posix';
import type { ImageDesign } from '../../pipeline/design-image';
import { defaultProcess } from '../../plan/plan';
import type { ManagedFileReport } from '../managed-files';
import type { NamedRoot } from '../workspace';

/** What setup decided and why, for the terminal: one fact a line with the file that decided it. */
export function setupReport(
  { name, root }: NamedRoot,
  design: ImageDesign,
  files: readonly ManagedFileReport[],
): string {
  const { project, plan } = design;
  const web = defaultProcess(project);
  const webFrom = (project.processes['web'] ?? Object.values(project.processes)[0]!).from;
  const base = plan.stages.find((stage) => stage.name === 'base')!.image.reference;
  const facts: [label: string, value: string, from: string][] = [
    ['package manager', project.manager.value, project.manager.from],
    ...(project.lock
      ? [['lock file', basename(project.lock.value), project.lock.from] as [string, string, string]]
      : []),
    ['Python', project.python.value, project.python.from],
    ...(project.framework
      ? [['framework', project.framework.value, project.framework.from] as [string, string, string]]
      : []),
    ['start command', web.command.join(' '), webFrom],
    ...(web.port ? [['port', String(web.port), webFrom] as [string, string, string]] : []),
    ['base image', base, design.settings.sources.base ?? 'the default for this Python'],
  ];
  const packages = (['runtime', 'build'] as const).flatMap((kind) =>
    plan.systemPackages[kind].map(({ value, from }): [string, string, string] => [
      kind === 'build' ? 'to build' : 'system package',
      value,
      from,
    ]),
  );
  facts.push(['installed', plan.install.value, plan.install.from], ...packages);
  return [
    '',
    `${name} (${root})`,
    ...facts.map(([label, value, from]) => `  ${label.padEnd(16)} ${value}\n  ${''.padEnd(16)} from ${from}`),
    '',
    ...files.map(({ path, outcome }) => `  ${path}: ${outcome}`),
    ...[...project.findings, ...plan.findings].flatMap(({ message, hint }) => [
      '',
      `  Note: ${message}`,
      `        ${hint}`,
    ]),
    '',
    `Next: nx docker-build ${name}`,
    '',
  ].join('\n');
}
