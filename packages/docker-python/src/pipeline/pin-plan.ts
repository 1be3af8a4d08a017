import { posix } from 'node:path';
import { type FileSource, withoutFile, withTexts } from '../detection/files';
import { DEVELOPMENT_LISTS, development, developmentFacts } from '../detection/managers/development';
import { anyMoves, extraNames, extraRecipe, movableEntries } from '../detection/managers/extra-entries';
import { pinList, pinsHeader, together } from '../detection/managers/pin-list';
import { type PinRecipe, relockRecipe, type Upgrade } from '../detection/managers/pins';
import { pip } from '../detection/managers/pip';
import { presentFiles } from '../detection/managers/requirements-choice';
import { uvHome } from '../detection/managers/uv-workspace';
import { type Argv, distributionName, type InstallRecipe } from '../detection/types';
import { DockerPythonError } from '../errors';
import { renderPins } from '../render/pins';
import { listBody } from '../slices/list-body';
import { refuseHandMade, withoutSource } from './pin-refusals';
import { designWithAnyCommand } from './any-command';
import { builderScripts, type DesignQuestion, type ImageDesign } from './design-image';

/** Which pins a project is to get. */
export interface PinWish {
  /** Name of the project, for what is written about it. */
  readonly project: string;
  readonly upgrade: Upgrade;
  /** Project-relative files of versions that must not be exceeded. */
  readonly constraints: readonly string[];
  /** Platform of the engine. */
  readonly platform: string;
}

/** How pins are made, and what is done with them. */
export interface PinPlan {
  readonly design: ImageDesign;
  readonly recipe: PinRecipe;
  readonly dockerfile: string;
  /** The files of the workspace that the engine sees, as the ignore file of that Dockerfile. */
  readonly ignore: string;
  /**
   * How "extraRequirements" that are to move are resolved, where a lock does not hold them.
   *
   * @param locked what the lock pins, `name==version`
   */
  beside?(locked: Argv): Pick<PinPlan, 'recipe' | 'dockerfile' | 'ignore'>;
  /** A file of pins in the form in which it is committed. */
  finish(path: string, text: string): string;
}

/**
 * How the pins of a project are made anew: its lock by its own tool; else lists of what its `.in` files or its manifest
 * declare. Pure; resolved in the builder of its image.
 *
 * @throws DockerPythonError PINS_WITHOUT_SOURCE, UNSUPPORTED_PROJECT, or what detection says
 */
export function planPins(question: DesignQuestion, wish: PinWish): PinPlan {
  const design = presentDesign(question);
  const { files } = question;
  const relock = relockRecipe(files, design.project, ofLock(design, wish.upgrade));
  if (relock && wish.constraints.length > 0) throw constraintsOfLock(design.project.manager.value);
  const entries = design.settings.settings.extraRequirements ?? [];
  const lists = relock ? [] : listsOf(question, design);
  const recipe = relock ?? together(lists.map((list, i) => toRecipe(list, lists.slice(0, i), design, wish)));
  return {
    design,
    recipe,
    dockerfile: renderPins(design.plan, recipe),
    ignore: ignoreFor(design, recipe.files),
    ...(relock && anyMoves(entries, wish.upgrade)
      ? { beside: (locked) => besideLock(question, design, wish, locked) }
      : {}),
    finish(path, text) {
      const list = lists.find(({ output }) => output === path);
      if (!list) return text;
      const body = listBody(text, undefined, design.project.python.value);
      return `${pinsHeader(list.source, wish.project)}\n${body}`;
    },
  };
}

/** Names of a lock: its tool does not know what the settings add beside it. */
function ofLock(
  { project: { requirements }, settings: { settings } }: ImageDesign,
  upgrade: Upgrade,
): Upgrade {
  if (upgrade === 'all') return upgrade;
  const extra = extraNames(settings.extraRequirements ?? []);
  const locked = requirements.slice(0, requirements.length - extra.length).map(({ name }) => name);
  return upgrade.filter((name) => !extra.includes(name) || locked.includes(distributionName(name)));
}

function besideLock(
  { files, root }: DesignQuestion,
  design: ImageDesign,
  { upgrade, platform }: PinWish,
  locked: Argv,
): ReturnType<NonNullable<PinPlan['beside']>> {
  const { extraRequirements = [], platforms } = design.settings.settings;
  const words = platformWords(platforms, platform);
  const recipe = extraRecipe(files, root, extraRequirements, upgrade, locked, words);
  return { recipe, dockerfile: renderPins(design.plan, recipe), ignore: ignoreFor(design, recipe.files) };
}

/** A lock that a new member of its workspace is missing from is no reason not to make it anew: the image is the same. */
function presentDesign(question: DesignQuestion): ImageDesign {
  try {
    return designWithAnyCommand(question);
  } catch (error) {
    if (!(error instanceof DockerPythonError) || error.code !== 'LOCK_OUT_OF_DATE') throw error;
    const lock = posix.join(uvHome(question.files, question.root).root, 'uv.lock');
    return designWithAnyCommand({ ...question, files: withoutFile(question.files, lock) });
  }
}

/** A list of pins and what it is made from. */
interface PlannedList {
  /** Workspace-relative. */
  readonly output: string;
  /** Project-relative. */
  readonly source: string;
  readonly resolve: InstallRecipe;
}

/** The list for production, then those for development, which never exceed it. */
function listsOf(question: DesignQuestion, design: ImageDesign): readonly PlannedList[] {
  const { files, root } = question;
  const output = productionList(design);
  refuseHandMade(files, output, root);
  const own = fromSource(question, design, output.replace(/\.[^./]*$/, '.in'), output);
  const lists = presentFiles(
    files,
    root,
    DEVELOPMENT_LISTS.map((name) => name.replace(/txt$/, 'in')),
  ).filter((path) => files.read(path) !== undefined);
  // They may name the list for production, which need not be there yet.
  const withList = { ...question, files: withTexts(files, new Map([[output, files.read(output) ?? '']])) };
  const development = lists.map((path) => fromSource(withList, design, path, path.replace(/in$/, 'txt'))!);
  for (const list of development) refuseHandMade(files, list.output, root);
  return own
    ? [own, ...development]
    : [...fromManifest(question, output, lists.length === 0), ...development];
}

/** The list in charge, or the one that would be. */
function productionList({ project: { manager, root } }: ImageDesign): string {
  if (manager.value !== 'pip') return posix.join(root, 'requirements.txt');
  return manager.from.replace(/\.in$/, '.txt');
}

function fromSource(
  { files, root }: DesignQuestion,
  { settings: { settings } }: ImageDesign,
  source: string,
  output: string,
): PlannedList | undefined {
  if (source === output || files.read(source) === undefined) return undefined;
  const chosen = { extras: settings.extras ?? [], groups: settings.groups ?? [] };
  const { recipe } = pip.facts({ files, root, ...chosen }, source);
  return { output, source: posix.relative(root, source), resolve: recipe };
}

/** What the manifest declares: the project as it is without the lists that were made from it. */
function fromManifest(
  question: DesignQuestion,
  output: string,
  developmentToo: boolean,
): readonly PlannedList[] {
  const { root } = question;
  const more = posix.join(root, 'dev-requirements.txt');
  const files = [output, more].reduce<FileSource>(withoutFile, question.files);
  const { project, settings } = designed({ ...question, files }, output);
  if (!['hatch', 'flit', 'setuptools'].includes(project.manager.value)) throw withoutSource(output, root);
  const source = posix.relative(root, project.manager.from);
  const production = { output, source, resolve: project.recipe };
  const { extras = [], groups = [] } = settings.settings;
  const asked = { files, root, extras, groups };
  const wanted = development(asked, project.manager.value);
  if (!developmentToo || wanted.extras.length + wanted.groups.length === 0) return [production];
  refuseHandMade(question.files, more, root);
  return [production, { output: more, source, resolve: developmentFacts(asked, project).recipe }];
}

function designed(question: DesignQuestion, output: string): ImageDesign {
  try {
    return designWithAnyCommand(question);
  } catch (error) {
    const codes = ['NOT_A_PYTHON_PROJECT', 'LOCK_MISSING', 'REQUIREMENTS_MISSING'];
    if (error instanceof DockerPythonError && codes.includes(error.code))
      throw withoutSource(output, question.root);
    throw error;
  }
}

function toRecipe(
  { output, resolve }: PlannedList,
  before: readonly PlannedList[],
  { project: { root }, settings: { settings } }: ImageDesign,
  wish: PinWish,
): PinRecipe {
  return pinList(resolve, {
    root,
    output,
    entries: before.length > 0 ? [] : movableEntries(settings.extraRequirements ?? [], wish.upgrade),
    constraints: [...wish.constraints, ...before.map((list) => posix.relative(root, list.output))],
    platform: platformWords(settings.platforms, wish.platform),
    upgrade: wish.upgrade,
  });
}

/** Names that uv has for platforms. Source: its command reference, `--python-platform`. */
const UV_PLATFORMS: Readonly<Record<string, string>> = {
  'linux/amd64': 'x86_64-unknown-linux-gnu',
  'linux/arm64': 'aarch64-unknown-linux-gnu',
  'linux/riscv64': 'riscv64-unknown-linux',
};

/**
 * One platform that the image is for decides markers for good. Otherwise they stay in the list as far as a platform
 * decides them: the list is then the same whoever makes it, on which machine ever.
 */
function platformWords(platforms: readonly string[] | undefined, engine: string): Argv {
  const [one = '', ...others] = platforms ?? [];
  const name = UV_PLATFORMS[one];
  if (others.length > 0 || name === undefined) return ['--universal'];
  return one === engine ? [] : ['--python-platform', name];
}

/** An ignore file that lets some files through, and what the builder of an image needs. */
export function ignoreFor(design: ImageDesign, paths: readonly string[]): string {
  const sent = [...paths, ...builderScripts(design)];
  return ['*', ...sent.map((path) => `!${path.replaceAll(/[\\*?[\]]/g, '\\$&')}`), ''].join('\n');
}

function constraintsOfLock(manager: string): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `Constraint files are for lists of requirements; ${manager} reads its own.`,
    hint: 'Write the bound into the manifest: for uv "constraint-dependencies" in [tool.uv], else the requirement itself.',
  });
}
