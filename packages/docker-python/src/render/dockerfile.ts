import type { ImagePlan, Stage } from '../plan/types';
import { managed } from './managed';
import { renderApplication } from './stages/application';
import { renderBase } from './stages/base';
import { renderBuilder } from './stages/builder';
import { renderDependencies } from './stages/dependencies';
import { renderLock } from './stages/lock';
import { renderProcesses } from './stages/processes';
import { renderRuntime } from './stages/runtime';
import { renderScripts } from './stages/scripts';
import { renderStdlib } from './stages/stdlib';

/** What a reader of the Dockerfile wants to know about each stage. */
const PURPOSE: Readonly<Record<Stage['name'], string>> = {
  base: 'Python, security updates, runtime system packages. Rebuilt when the base image or the packages change.',
  stdlib: 'Bytecode of the standard library: starts four times faster, and a non-root user cannot write it.',
  scripts: 'Programs that build steps use. Mounted, never part of the image.',
  builder: 'Compilers, headers, the installer. Not part of the image.',
  lock: 'The lock file -> one hashed list of packages, checked against the manifest.',
  dependencies: 'Third-party packages from exactly that list. Rebuilt when the list changes.',
  application: 'The project in place, compiled. Rebuilt when its code changes.',
  processes: 'A launcher for each process, the health check, folders that may be written.',
  runtime: 'What is shipped.',
};

/**
 * The Dockerfile of a plan, with the managed header.
 * It builds from the workspace root without this plugin: `docker buildx build -f <root>/Dockerfile .`
 */
export function renderDockerfile(plan: ImagePlan): string {
  const stages = plan.stages.map((stage) => `# ${PURPOSE[stage.name]}\n${renderStage(stage, plan)}`);
  return managed(`${stages.join('\n\n')}\n`);
}

function renderStage(stage: Stage, plan: ImagePlan): string {
  switch (stage.name) {
    case 'base':
      return renderBase(stage);
    case 'stdlib':
      return renderStdlib();
    case 'scripts':
      return renderScripts();
    case 'builder':
      return renderBuilder(stage);
    case 'lock':
      return renderLock(stage);
    case 'dependencies':
      return renderDependencies(stage);
    case 'application':
      return renderApplication(stage, plan.python);
    case 'processes':
      return renderProcesses(stage);
    case 'runtime':
      return renderRuntime(stage, plan.runtime);
  }
}
