import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '../..');

/** Commands that a reader types, as a page has them. */
export interface CommandBlock {
  readonly text: string;
  /** How they come out: `fails` where the page says that they stop, `ctrl-c` for what runs until somebody ends it. */
  readonly ending: 'ends' | 'fails' | 'ctrl-c';
}

/** All pages for users, from the root of the repository. */
export function pages(): readonly string[] {
  return ['README.md', ...readdirSync(join(REPOSITORY, 'docs')).map((name) => `docs/${name}`)];
}

export function textOf(page: string): string {
  return readFileSync(join(REPOSITORY, page), 'utf8');
}

/** The blocks marked `sh`, in order. A word behind that says how they come out. */
export function commandBlocks(page: string): readonly CommandBlock[] {
  return [...textOf(page).matchAll(/^```sh(?: (fails|ctrl-c))?\n(.*?)^```/gms)].map(
    ([, ending = 'ends', text]) => ({ text: text!, ending: ending as CommandBlock['ending'] }),
  );
}

/** The block marked `sh empty-folder`: what the README makes a workspace of. */
export function workspaceBlock(): string {
  return /^```sh empty-folder\n(.*?)^```/ms.exec(textOf('README.md'))![1]!;
}

/** The blocks marked `text`: what is printed, and pieces of files. */
export function textBlocks(page: string): readonly string[] {
  return blocksOf(page, 'text');
}

/** The blocks of one language, in order. */
export function blocksOf(page: string, language: string): readonly string[] {
  return [...textOf(page).matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, marked, text]) =>
    marked === language ? [text!] : [],
  );
}
