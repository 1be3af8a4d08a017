import { DockerPythonError } from '../../errors';
import { quoteArgv } from '../argv';
import type { Finding, Process, Sourced } from '../types';
import { applicationFactory } from './application-factory';
import { applicationObject } from './application-object';
import { anyConsoleScript, consoleScript } from './console-script';
import { dashboards } from './dashboards';
import { django } from './django';
import { dockerfile } from './dockerfile';
import { gradio } from './gradio';
import { gunicornConfiguration } from './gunicorn-configuration';
import { portSource } from './port-source';
import { procfile } from './procfile';
import { nestedScript, packageMain, rootScript } from './scripts';
import { tasks } from './tasks';
import type { Candidate, Framework, ProcessFacts, ProcessQuestion, ProjectView } from './types';
import { projectView } from './view';
import { taskQueues, workersAndServices } from './workers-and-services';
import { wsgiModule } from './wsgi-module';

export { GUNICORN_CONFIG } from './server-table';
export type { Candidate, Framework, Needs, ProcessFacts, ProcessQuestion } from './types';

/**
 * Kinds of evidence, the most trustworthy first. The order is not a matter of taste: it was measured on 102 real
 * applications (IN-THE-WILD, "Start command"). What somebody wrote down as a command comes before what can be
 * concluded from code; what is certain about one framework before what any Python project may have.
 * A new kind of evidence is one file and one line here.
 */
export const FRAMEWORKS: readonly Framework[] = [
  dockerfile,
  procfile,
  gunicornConfiguration,
  tasks,
  django,
  workersAndServices,
  dashboards,
  gradio,
  wsgiModule,
  consoleScript,
  applicationObject,
  applicationFactory,
  taskQueues,
  packageMain,
  rootScript,
  nestedScript,
  anyConsoleScript,
];

/**
 * Which command starts this project, and which further processes does it have?
 *
 * @throws DockerPythonError COMMAND_NOT_FOUND where nothing says it or the server is missing, AMBIGUOUS_COMMAND
 *   where the best evidence says several different things
 */
export function detectProcesses(question: ProcessQuestion): ProcessFacts {
  const findings: Finding[] = [];
  const view = projectView(question, findings);
  for (const framework of FRAMEWORKS) {
    const candidates = distinct(framework.candidates(view));
    if (candidates.length > 1) throw ambiguous(view, framework, candidates);
    if (candidates.length === 1) return toFacts(view, candidates[0]!, findings);
  }
  throw notFound(question.root, findings);
}

function toFacts(
  view: ProjectView,
  { command, port, portFrom, framework, from, process, others, needs, addServer }: Candidate,
  findings: readonly Finding[],
): ProcessFacts {
  const first: Sourced<Process> = { value: { command, ...(port === undefined ? {} : { port }) }, from };
  const name = process ?? (port === undefined ? 'main' : 'web');
  const further = Object.entries(others ?? {}).filter(([other]) => other !== name);
  return {
    ...(framework === undefined ? {} : { framework: { value: framework, from } }),
    processes: Object.fromEntries([[name, first], ...further]),
    ...(port === undefined ? {} : { port: { value: port, from: portFrom ?? portSource(view, port, from) } }),
    findings,
    ...(needs === undefined ? {} : { needs }),
    ...(addServer === undefined ? {} : { addServer }),
  };
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  return [
    ...new Map(
      candidates.map((candidate) => [JSON.stringify(candidate.command), candidate] as const).reverse(),
    ).values(),
  ].reverse();
}

function ambiguous(
  view: ProjectView,
  framework: Framework,
  candidates: readonly Candidate[],
): DockerPythonError {
  const shown = candidates.slice(0, 8);
  const known = new Set(candidates.map(({ command }) => JSON.stringify(command)));
  const others = distinct(weaker(view, framework)).filter(
    ({ command }) => !known.has(JSON.stringify(command)),
  );
  const lines = (some: readonly Candidate[]): string =>
    some.map(({ command, from }) => `\n  ${quoteArgv(command)}   (${from})`).join('');
  return new DockerPythonError({
    code: 'AMBIGUOUS_COMMAND',
    message: `${place(view.root)} can be started in several ways, found by ${framework.name}:${lines(shown)}${others.length > 0 ? `\nOr, by weaker evidence:${lines(others)}` : ''}`,
    hint: `Write the one that is meant into docker-python.json: "command": ${JSON.stringify(shown[0]!.command)}`,
  });
}

/** What the kinds of evidence below one would say, each if it is sure of one command. */
function weaker(view: ProjectView, framework: Framework): readonly Candidate[] {
  return FRAMEWORKS.slice(FRAMEWORKS.indexOf(framework) + 1).flatMap((other) => {
    try {
      const candidates = distinct(other.candidates(view));
      return candidates.length === 1 ? candidates : [];
    } catch (error) {
      if (error instanceof DockerPythonError) return [];
      throw error;
    }
  });
}

function notFound(root: string, findings: readonly Finding[]): DockerPythonError {
  const looked = FRAMEWORKS.map(({ looksFor }) => `  ${looksFor}`).join('\n');
  const notes = findings.map(({ message }) => `\n${message}`).join('');
  return new DockerPythonError({
    code: 'COMMAND_NOT_FOUND',
    message: `No start command was found for ${place(root)}.${notes}\nLooked for:\n${looked}`,
    hint: 'A library needs none, and no image of its own: it comes into those of the services that depend on it. For a service give the command to setup, --command="python -m my_package", or write it into docker-python.json as an array of words: "command": ["python", "-m", "my_package"]',
  });
}

function place(root: string): string {
  return root === '.' ? 'the project at the workspace root' : root;
}
