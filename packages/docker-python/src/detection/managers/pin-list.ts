import { posix } from 'node:path';
import type { Argv, InstallRecipe } from '../types';
import type { PinRecipe, Upgrade } from './pins';
import { OUTPUT, PINS } from './tools';

/** A list of pins that is wanted. */
export interface WantedList {
  /** Workspace-relative root of the project. */
  readonly root: string;
  /** Workspace-relative file for the pins. */
  readonly output: string;
  /** Entries `name==version` that the list has to hold beside what is declared. */
  readonly entries: readonly string[];
  /** Project-relative files of versions that must not be exceeded. */
  readonly constraints: readonly string[];
  /** Words of `uv pip compile` for the platforms that the list is for. */
  readonly platform: Argv;
  readonly upgrade: Upgrade;
}

/**
 * A recipe that resolves while an image is built, as one that writes what it found into the project. The pins that are
 * there are preferences of the resolver, without their hashes: those come from the index, so that a forged one is seen.
 *
 * @param resolve of the project as it is without its pins
 */
export function pinList(resolve: InstallRecipe, wanted: WantedList): PinRecipe {
  const { root, output, entries, constraints, platform, upgrade } = wanted;
  const list = posix.relative(root, output);
  const more = [
    ...(entries.length > 0 ? [`${list}.more`] : []),
    ...constraints.flatMap((file) => ['--constraints', file]),
    ...upgradeWords(upgrade),
    ...platform,
  ];
  return {
    root,
    tools: resolve.tools,
    files: [...resolve.files, ...constraints.map((file) => posix.join(root, file)), output],
    commands: [
      [...PINS, 'preferences', list],
      ...(entries.length > 0 ? [[...PINS, 'entries', `${list}.more`, ...entries]] : []),
      ...resolve.commands.map((command) =>
        [...command, ...(isResolver(command) ? more : [])].map((word) => word.replaceAll(OUTPUT, list)),
      ),
    ],
    outputs: [output],
  };
}

function isResolver(command: Argv): boolean {
  return command.slice(0, 3).join(' ') === 'uv pip compile';
}

/** Words of uv's resolver. Source: uv's command reference, `uv pip compile` and `uv lock`. */
export function upgradeWords(upgrade: Upgrade): Argv {
  return upgrade === 'all' ? ['--upgrade'] : upgrade.flatMap((name) => ['--upgrade-package', name]);
}

/** Several recipes of one project as one: their commands run one after the other. */
export function together(recipes: readonly PinRecipe[]): PinRecipe {
  const all = <K extends 'tools' | 'files' | 'outputs'>(key: K): readonly string[] => [
    ...new Set(recipes.flatMap((recipe) => recipe[key])),
  ];
  return {
    root: recipes[0]!.root,
    tools: all('tools'),
    files: [...all('files')].sort(),
    commands: recipes.flatMap(({ commands }) => commands),
    outputs: all('outputs'),
  };
}

const HEADER = /^# Pins of (\S+), by docker-python\b/;

/** The first line of a list of pins: what it follows from, and how it is renewed. */
export function pinsHeader(source: string, project: string): string {
  return `# Pins of ${source}, by docker-python. To renew them: npx nx pin-deps ${project}`;
}

/** The file beside it that a list of pins was made from, if it says so. */
export function sourceOfPins(text: string): string | undefined {
  return HEADER.exec(text)?.[1];
}
