import type { SyntaxNode } from '@lezer/common';
import { children } from './syntax';

/** Where an imported name comes from. */
export interface Imported {
  /** Number of leading dots: 0 for an absolute import. */
  readonly level: number;
  readonly module: string;
  /** The name within the module; absent for `import module`. */
  readonly name?: string;
}

/** Adds what an import statement binds to `bindings`, and modules of `import *` to `stars`. */
export function importsOf(
  node: SyntaxNode,
  source: string,
  bindings: Map<string, Imported>,
  stars: Imported[],
): void {
  const words = children(node)
    .map(({ from, to }) => source.slice(from, to))
    .filter((word) => word !== '' && word !== '(' && word !== ')');
  if (words[0] === 'from') fromImport(words, bindings, stars);
  else plainImport(words, bindings);
}

function fromImport(words: readonly string[], bindings: Map<string, Imported>, stars: Imported[]): void {
  const at = words.indexOf('import');
  if (at === -1) return;
  const path = words.slice(1, at).join('');
  const level = /^\.*/.exec(path)![0].length;
  const module = path.slice(level);
  for (const [name, alias] of aliases(words.slice(at + 1))) {
    if (name === '*') stars.push({ level, module });
    else bindings.set(alias ?? name, { level, module, name });
  }
}

function plainImport(words: readonly string[], bindings: Map<string, Imported>): void {
  for (const [module, alias] of aliases(words.slice(1))) {
    // `import a.b` binds `a`; `import a.b as c` binds `c` to a.b.
    const top = module.split('.')[0]!;
    if (alias !== undefined) bindings.set(alias, { level: 0, module });
    else if (!bindings.has(top)) bindings.set(top, { level: 0, module: top });
  }
}

/** `a.b as c, d` as pairs of name and alias. */
function aliases(words: readonly string[]): readonly (readonly [string, string | undefined])[] {
  const pairs: [string, string | undefined][] = [];
  let name = '';
  let alias: string | undefined;
  let afterAs = false;
  for (const word of [...words, ',']) {
    if (word === ',') {
      if (name !== '') pairs.push([name, alias]);
      [name, alias, afterAs] = ['', undefined, false];
    } else if (word === 'as') afterAs = true;
    else if (afterAs) alias = word;
    else name += word;
  }
  return pairs;
}
