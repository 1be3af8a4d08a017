import type { ImagePlan, Installer, LockStage, Stage } from '../plan/types';
import { managed } from './managed';
import { renderKnownHosts } from './build-environment';
import { fillPiece } from './piece';
import { renderApplication } from './stages/application';
import { renderBase, renderTini } from './stages/base';
import { renderBuilder } from './stages/builder';
import { renderDependencies } from './stages/dependencies';
import { renderDev } from './stages/dev';
import { renderLibraries } from './stages/libraries';
import { renderLinkage } from './stages/linkage';
import { listIn, renderLock } from './stages/lock';
import { renderProcesses } from './stages/processes';
import { renderRuntime } from './stages/runtime';
import { renderScripts } from './stages/scripts';
import { renderStdlib } from './stages/stdlib';

/** What a reader of the Dockerfile wants to know about each stage. */
const PURPOSE: Readonly<Record<Stage['name'], string>> = {
  'known-hosts': 'Host keys that SSH accepts. Mounted, never part of the image.',
  tini: 'A static tini: the repositories of this base have none.',
  base: 'Python, security updates, runtime system packages. Rebuilt when the base image or the packages change.',
  stdlib: 'Bytecode of the standard library: starts four times faster, and a non-root user cannot write it.',
  scripts: 'Programs that build steps use. Mounted, never part of the image.',
  builder: 'Compilers, headers, the installer. Not part of the image.',
  lock: 'The lock file -> one hashed list of packages, checked against the manifest.',
  dependencies: 'Third-party packages from exactly that list. Rebuilt when the list changes.',
  libraries: 'Packages of this repository, as wheels. Rebuilt when one of them changes.',
  linkage: 'Every shared library of these packages finds what it needs in the base.',
  application: 'The project itself, compiled. Rebuilt when its code changes.',
  processes: 'A launcher for each process, the health check, folders that may be written.',
  runtime: 'What is shipped.',
  'lock-dev': 'The same with the development dependencies.',
  dev: 'To work in: the builder, the runtime, development dependencies, pip.',
};

/**
 * The Dockerfile of a plan, with the managed header.
 * It builds from the workspace root without this plugin: `docker buildx build -f <root>/Dockerfile .`
 */
export function renderDockerfile(plan: ImagePlan): string {
  const stages = plan.stages
    .map((stage) => `# ${PURPOSE[stage.name]}\n${renderStage(stage, plan).trimEnd()}`)
    .join('\n\n');
  return managed(`${overview(stages)}\n\n${stages}\n`);
}

/** Stages can only use what stands before them, so the programs come early and the image last. */
function overview(stages: string): string {
  const names = [...stages.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
  return [
    `# Stages: ${names.join(', ')}. Each begins with FROM.`,
    '# Most lines are the programs in "scripts", which later stages run. What is shipped is "runtime", near the end.',
  ].join('\n');
}

/** A Dockerfile that stops at the list of packages: the stage `list` is nothing but the file `/list`. */
export function renderListExport(plan: ImagePlan, lock: LockStage): string {
  const list = `FROM scratch AS list\nCOPY --from=${lock.name} ${listIn(lock.recipe)} /list`;
  return `${[...builderStages(plan), renderStage(lock, plan), list].join('\n\n')}\n`;
}

/** The stages that a lock is read in, for Dockerfiles that do something else there. */
export function builderStages(plan: ImagePlan): readonly string[] {
  const wanted: readonly Stage['name'][] = ['known-hosts', 'base', 'tini', 'scripts', 'builder'];
  return plan.stages
    .filter(({ name }) => wanted.includes(name))
    .map((stage) => renderStage(stage, plan).trimEnd());
}

/** One stage of a plan as text. */
export function renderStage(stage: Stage, plan: ImagePlan): string {
  return fillPiece(ownStage(stage, plan), plan.pieces?.[stage.name], plan);
}

function ownStage(stage: Stage, plan: ImagePlan): string {
  const { buildEnvironment, python } = plan;
  switch (stage.name) {
    case 'known-hosts':
      return renderKnownHosts(stage);
    case 'tini':
      return renderTini(stage);
    case 'base':
      return renderBase(stage, python, buildEnvironment);
    case 'stdlib':
      return renderStdlib();
    case 'scripts':
      return renderScripts(python);
    case 'builder':
      return renderBuilder(stage, plan);
    case 'lock':
    case 'lock-dev':
      return renderLock(stage, installerOf(plan), buildEnvironment);
    case 'dependencies':
      return renderDependencies(stage, buildEnvironment);
    case 'libraries':
      return renderLibraries(stage, python, buildEnvironment);
    case 'linkage':
      return renderLinkage(stage);
    case 'application':
      return renderApplication(stage, python, buildEnvironment);
    case 'processes':
      return renderProcesses(stage);
    case 'runtime':
      return renderRuntime(stage, plan.runtime);
    case 'dev':
      return renderDev(stage, plan);
  }
}

/** What the builder has of the tools already: uv, at one version. */
export function installerOf({ stages }: ImagePlan): Installer {
  return stages.find((stage) => stage.name === 'builder')!.installer;
}
