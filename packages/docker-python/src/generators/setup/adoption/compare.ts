import { posix } from 'node:path';
import type { ImageDesign } from '../../../pipeline/design-image';
import { wrapped } from '../../../pipeline/facts';
import { contextMatcher } from '../../../plan/context';
import { isBelow } from '../../../plan/paths';
import { defaultProcess } from '../../../plan/plan';
import type { DockerfileFacts } from './read-dockerfile';

/** One difference, and what there is to say or do about it. */
export interface Difference {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** Variables that are about Python, its tools or the image, which the managed one settles by itself. */
const OF_THE_IMAGE =
  /^(PYTHON\w*|PIP_\w+|UV_\w+|POETRY_\w+|PDM_\w+|PIPENV_\w+|PATH|VIRTUAL_ENV|VENV\w*|PORT|LANG|LC_\w+|DEBIAN_FRONTEND|HOME|USER)$/;

/** Packages that only a build needs, or that the managed image has another way for. */
const TOOLS =
  /^(build-essential|gcc|g\+\+|make|curl|wget|git|tini|dumb-init|ca-certificates|python3?(-\w+)?|pip|.*-dev|musl-dev)$/;

/**
 * What the managed Dockerfile would change about an image, one fact a row: what is different, and what to do about it
 * where something would be lost.
 */
export function compareDockerfile(facts: DockerfileFacts, design: ImageDesign): readonly Difference[] {
  const { plan, project } = design;
  const { runtime } = plan;
  const base = plan.stages.find((stage) => stage.name === 'base')!.image.reference;
  const row = (label: string, value: string, note: string): Difference => ({
    label,
    value,
    note,
  });
  const change = (label: string, was: string, is: string, why: string): readonly Difference[] =>
    was === is ? [row(label, is, 'as it is')] : [row(label, `${was} -> ${is}`, why)];
  const ports = runtime.ports.map(String).join(', ') || 'none';
  return [
    ...change('base image', facts.base, base, '"base" in docker-python.json keeps the present one'),
    ...change(
      'user',
      facts.user ?? 'root, if the base says nothing else',
      runtime.user,
      'numeric and not root; folders that it writes go into "writable"',
    ),
    ...change(
      'command',
      facts.command ?? 'that of the base',
      defaultProcess(project).command.join(' '),
      project.findings.some(({ code }) => code === 'DOCKERFILE_COMMAND_IGNORED')
        ? 'what the Dockerfile runs cannot be used; "command" sets another'
        : 'read from the Dockerfile; "command" sets another',
    ),
    ...Object.entries(project.processes)
      .filter(([, { value }]) => value !== defaultProcess(project))
      .map(([name, { value, from }]) =>
        row(
          'process',
          `${name}: ${value.command.join(' ')}`,
          `${from}; the image does not start it by itself`,
        ),
      ),
    ...change('ports', facts.ports.join(', ') || 'none', ports, '"port" sets another'),
    ...change(
      'health check',
      facts.healthCheck ? 'yes' : 'none',
      runtime.health ? 'yes' : 'none',
      '"healthCheck" has its settings',
    ),
    ...(facts.stages === 1
      ? [row('stages', '1 -> several', 'compilers and caches stay out of the image')]
      : []),
    ...listRows(facts, design),
    ...volumeRows(facts, design),
    ...environmentRows(facts, design),
    ...packageRows(facts, design),
    ...copyRows(facts, design),
  ];
}

/** Lists for development and tests belong to no image. */
const NOT_OF_PRODUCTION = /(^|[/._-])(dev|devel|development|local|tests?|testing|lint|docs?|ci)([/._-]|$)/;

/** Lists that the Dockerfile installs, where others were chosen. */
function listRows({ lists }: DockerfileFacts, { project }: ImageDesign): readonly Difference[] {
  const { manager, recipe } = project;
  if (manager.value !== 'pip') return [];
  return lists
    .filter(
      (path) => !recipe.files.includes(path) && !NOT_OF_PRODUCTION.test(posix.relative(project.root, path)),
    )
    .map((path) => ({
      label: 'requirements',
      value: `${path} -> ${manager.from}`,
      note: `the Dockerfile; if the image needs the former, set "requirements": "${posix.relative(project.root, path)}"`,
    }));
}

function volumeRows({ volumes }: DockerfileFacts, { settings }: ImageDesign): readonly Difference[] {
  return volumes.length === 0 || settings.settings.writable !== undefined
    ? []
    : [{ label: 'volumes', value: volumes.join(', '), note: 'they become "writable" in docker-python.json' }];
}

function environmentRows({ env }: DockerfileFacts, { plan }: ImageDesign): readonly Difference[] {
  const lost = [...new Set(env)].filter((name) => !OF_THE_IMAGE.test(name) && !(name in plan.runtime.env));
  return gone('variable', lost, 'the Dockerfile; write those that the application needs under "env"');
}

function packageRows({ packages }: DockerfileFacts, { plan }: ImageDesign): readonly Difference[] {
  const known = [...plan.systemPackages.build, ...plan.systemPackages.runtime].map(({ value }) => value);
  const lost = packages.filter((name) => !known.includes(name) && !TOOLS.test(name));
  const why =
    'the Dockerfile; nothing that the project requires is known to need it: "systemPackages" if it does';
  return gone('system package', lost, why);
}

/** One row for everything of a kind that would be lost. */
function gone(label: string, names: readonly string[], note: string): readonly Difference[] {
  return names.length === 0 ? [] : [{ label, value: `${names.join(', ')} would be gone`, note }];
}

/** Copied paths against the selection of files, and libraries of the graph against copied paths. */
function copyRows({ copied }: DockerfileFacts, { plan, project }: ImageDesign): readonly Difference[] {
  const sends = contextMatcher(plan.context);
  const libraries = project.localPackages.map(({ path }) => path);
  const owned = [project.root, ...libraries];
  const isCovered = (path: string): boolean =>
    owned.some((root) => isBelow(root, path)) || sends(path) || sends(posix.join(path, 'x.py'));
  const isInstead = (path: string): boolean => /(^|\/)(pyproject\.toml|.*\.lock|pylock\.toml)$/.test(path);
  return [
    ...copied
      .filter((path) => path === '.')
      .map(() => ({
        label: 'copied',
        value: 'the whole context -> the files of the project and of its libraries',
        note: '"include" adds what else it reads',
      })),
    ...copied
      .filter((path) => path !== '.' && !isCovered(path) && !isInstead(path))
      .map((path) => ({
        label: 'copied',
        value: `${path} would not be sent`,
        note: owned.some((root) => isBelow(path, root))
          ? 'a default exclusion; "exclude": ["!<pattern>"] switches it off'
          : 'nothing that Nx knows of: no manifest names it. "include", or a dependency on it',
      })),
    ...libraries
      .filter((path) => !copied.some((source) => isBelow(path, source) || isBelow(source, path)))
      .map((path) => ({
        label: 'library',
        value: `${path} would be in the image`,
        note: `${project.localPackages.find((library) => library.path === path)!.from}; the Dockerfile does not copy it`,
      })),
  ];
}

/** Differences as lines for a terminal of 80 columns. */
export function differenceLines(differences: readonly Difference[]): readonly string[] {
  return differences.flatMap(({ label, value, note }) =>
    [...wrapped(value, WIDTH), ...wrapped(`(${note})`, WIDTH)].map(
      (line, i) => `  ${(i === 0 ? label : '').padEnd(WIDTH)} ${line}`,
    ),
  );
}

const WIDTH = 16;
