import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { getProjects, writeJson, type Tree } from '@nx/devkit';
import { withoutFile } from '../../detection/files';
import type { Finding } from '../../detection/types';
import { DockerPythonError } from '../../errors';
import {
  designImage,
  SETTINGS_FILE,
  type DesignQuestion,
  type ImageDesign,
} from '../../pipeline/design-image';
import { findingsOf } from '../../pipeline/facts';
import { hiddenTargets } from '../../pipeline/hidden-targets';
import { syntaxFindings } from '../../pipeline/syntax-findings';
import { defaultProcess } from '../../plan/plan';
import { imageNameOf, repositories } from '../../reference/image-name';
import { ownership } from '../../render/managed';
import { readOptionSettings, readSettingsFile } from '../../settings/resolve';
import { digested, hostNeeds } from '../../settings/host-needs';
import type { Settings } from '../../settings/schema';
import { SETTINGS_VERSION } from '../../settings/version';
import { explained } from '../fail';
import init from '../init/generator';
import { writeManagedFiles, writeSlice } from '../managed-files';
import { designQuestion, findProject, pluginOptions } from '../workspace';
import { compareDockerfile, differenceLines, type Difference } from './adoption/compare';
import { readDockerfile, type DockerfileFacts } from './adoption/read-dockerfile';
import { setupReport } from './report';
import { serverPins } from './server-pins';

export interface SetupOptions {
  readonly project: string;
  /** Also files of ours that were edited by hand. */
  readonly overwrite?: boolean;
  /** Also a Dockerfile that was never ours, with its ignore file. */
  readonly replace?: boolean;
  /** `--no-server` sets it to false. */
  readonly server?: boolean;
  readonly [setting: string]: unknown;
}

/**
 * Gives a Python project settings, managed files and with them its targets. Running it again changes nothing.
 *
 * @throws an error with code and hint, before anything is written
 */
export default function setup(tree: Tree, options: SetupOptions): Promise<() => void> {
  return explained(async () => {
    const { project: wanted, overwrite = false, replace = overwrite, server = true, ...rest } = options;
    const project = findProject(tree, wanted);
    const question = { ...designQuestion(tree, project), mayAddServer: server };
    const chosen = readOptionSettings(rest, 'the options of setup').settings;
    const foreign = foreignDockerfile(tree, project.root);
    const { settings, seen, design: withDockerfile } = settingsToWrite(tree, question, chosen, foreign);
    const differences = foreign && compareDockerfile(foreign, withDockerfile);
    if (differences && !replace) throw isThere(dockerfileOf(project.root), differences);
    repositories(settings.image ?? imageNameOf(project.name), settings.registry);
    // Before the design, which looks at .gitignore.
    init(tree);
    const path = posix.join(project.root, SETTINGS_FILE);
    const current = tree.read(path, 'utf-8');
    if (
      current === null ||
      JSON.stringify(readSettingsFile(current, path).settings) !== JSON.stringify(settings)
    ) {
      writeJson(tree, path, { $schema: schemaPath(project.root), version: SETTINGS_VERSION, ...settings });
    }
    const design = designImage({
      ...question,
      mayAddServer: false,
      files: withoutFile(question.files, dockerfileOf(project.root)),
    });
    const files = [
      ...writeManagedFiles(tree, design, overwrite || (foreign !== undefined && 'foreign')),
      ...(await writeSlice(tree, design, overwrite)),
    ];
    const hidden = hiddenTargets(getProjects(tree).get(project.name)?.targets ?? {}, pluginOptions(tree));
    const found = [...hidden, ...seen, ...syntaxFindings(question.files, design)];
    const report = setupReport(project, design, files, found, differences);
    process.stdout.write(report);
    return () => undefined;
  });
}

/** What the file says already, what the options say, and what only a Dockerfile that goes away has said so far. */
function settingsToWrite(
  tree: Tree,
  question: DesignQuestion,
  options: Settings,
  foreign: DockerfileFacts | undefined,
): { readonly settings: Settings; readonly seen: readonly Finding[]; readonly design: ImageDesign } {
  const path = posix.join(question.root, SETTINGS_FILE);
  const text = tree.read(path, 'utf-8');
  const chosen = {
    ...adopted(foreign),
    ...(text === null ? {} : readSettingsFile(text, path).settings),
    ...options,
  };
  const overrides = [{ from: 'the options of setup', settings: chosen }];
  const withEvidence = designImage({ ...question, overrides });
  const { addServer, manager, recipe, requirements, python } = withEvidence.project;
  // With those of nx.json, which the list of a project replaces.
  const { extraRequirements = [] } = withEvidence.settings.settings;
  const otherList = foreign?.lists.find((path) => !recipe.files.includes(path));
  const server = addServer
    ? {
        extraRequirements: [
          ...extraRequirements,
          ...serverPins(addServer.value, requirements, python.value, {
            declared: manager.from,
            ...(otherList === undefined ? {} : { otherList }),
          }),
        ],
      }
    : {};
  const rest = attempt(() =>
    designImage({ ...question, overrides, files: withoutFile(question.files, dockerfileOf(question.root)) }),
  );
  return {
    settings: {
      ...(foreign && foreign.volumes.length > 0 ? { writable: [...foreign.volumes] } : {}),
      ...chosen,
      ...server,
      ...lost(withEvidence, rest),
      ...saltFor(withEvidence),
    },
    seen: findingsOf(withEvidence),
    design: withEvidence,
  };
}

/** What a Dockerfile says that nothing else of the project does. */
function adopted(foreign: DockerfileFacts | undefined): Settings {
  const { healthPath, staticEnv = {} } = foreign ?? {};
  return {
    ...(healthPath === undefined ? {} : { healthCheck: { path: healthPath } }),
    ...(Object.keys(staticEnv).length === 0 ? {} : { collectStatic: { env: staticEnv } }),
  };
}

/** A salt for the digests of secrets, where there are some and nobody has written one. */
function saltFor({ settings: { settings } }: ImageDesign): Settings {
  const { variables, files } = digested(hostNeeds(settings.buildEnv));
  const needless = variables.length + files.length === 0 || settings.secretsSalt !== undefined;
  return needless ? {} : { secretsSalt: randomBytes(18).toString('base64url') };
}

/** Facts of a design that another one lacks or decides otherwise, as settings. */
function lost(before: ImageDesign, after: ImageDesign | undefined): Settings {
  const [was, is] = [defaultProcess(before.project), after && defaultProcess(after.project)];
  const python = before.project.python.value;
  return {
    ...(python === after?.project.python.value ? {} : { python }),
    ...(lostProcesses(before, after) ?? {
      ...(JSON.stringify(was.command) === JSON.stringify(is?.command) ? {} : { command: [...was.command] }),
      ...(was.port === undefined || was.port === is?.port ? {} : { port: was.port }),
    }),
  };
}

/** All processes with the port, where one beside the default is lost: those of the settings replace what is detected. */
function lostProcesses(before: ImageDesign, after: ImageDesign | undefined): Settings | undefined {
  const [{ processes }, known] = [before.project, after?.project.processes ?? {}];
  const first = defaultProcess(before.project);
  if (Object.entries(processes).every(([name, { value }]) => value === first || name in known))
    return undefined;
  return {
    processes: Object.fromEntries(
      Object.entries(processes).map(([name, { value }]) => [name, [...value.command]]),
    ),
    ...(first.port === undefined ? {} : { port: first.port }),
  };
}

/** What a Dockerfile that was never ours says; undefined where there is none. */
function foreignDockerfile(tree: Tree, root: string): DockerfileFacts | undefined {
  const text = tree.read(dockerfileOf(root), 'utf-8');
  if (text === null || ownership(text) !== 'foreign') return undefined;
  return readDockerfile(text, root, (path) => tree.exists(path));
}

function isThere(path: string, differences: readonly Difference[]): DockerPythonError {
  return new DockerPythonError({
    code: 'FILE_EXISTS',
    message: `${path} exists and was not written by docker-python, so it is kept.`,
    detail: ['What the managed one would change:', ...differenceLines(differences)].join('\n'),
    hint: 'Nothing was changed. With --replace the managed one takes its place, and what only the old one says about processes, port, health check, collectstatic, Python and volumes goes into docker-python.json; git has the old one.',
  });
}

function dockerfileOf(root: string): string {
  return posix.join(root, 'Dockerfile');
}

function schemaPath(root: string): string {
  return posix.join(posix.relative(root, '.') || '.', 'node_modules/docker-python/docker-python.schema.json');
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof DockerPythonError) return undefined;
    throw error;
  }
}
