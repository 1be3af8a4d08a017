import type { SyntaxNode } from '@lezer/common';
import type { Assignment } from './facts';
import { children, readValue } from './syntax';

/** The names that an assignment binds, each with the value. */
export function assignmentsOf(node: SyntaxNode, source: string, line: number): Assignment[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of children(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (child.name !== 'TypeDef') groups.at(-1)!.push(child);
  }
  const value = groups.length > 1 ? readValue(groups.pop()![0] ?? null, source) : {};
  return groups.flatMap((group) => {
    const first = group[0];
    if (first?.name !== 'VariableName' && first?.name !== 'MemberExpression') return [];
    const name = readValue(first, source).path;
    if (name === undefined) return [];
    // `app, rt = fast_app()`: only the first of several names is of interest.
    const single = group.length === 1;
    return [
      {
        name,
        line,
        value: single || value.path === undefined ? value : { ...value, path: `${value.path}[0]` },
      },
    ];
  });
}

/** `with gr.Blocks() as demo`: bindings of a with statement. */
export function withBindings(node: SyntaxNode, source: string, line: number): Assignment[] {
  return children(node).flatMap((child, i, all) => {
    const target = all[i + 1]?.name === 'as' ? all[i + 2] : undefined;
    if (target?.name !== 'VariableName') return [];
    return [{ name: source.slice(target.from, target.to), value: readValue(child, source), line }];
  });
}

/** How many parameters a caller has to give. */
export function requiredParameters(node: SyntaxNode): number {
  const list = node.getChild('ParamList');
  if (!list) return 0;
  let required = 0;
  let starred = false;
  for (let child = list.firstChild; child; child = child.nextSibling) {
    if (child.name === '*' || child.name === '**') starred = true;
    else if (child.name === ',') starred = false;
    else if (child.name === 'VariableName' && !starred) {
      const after = child.nextSibling?.name === 'TypeDef' ? child.nextSibling.nextSibling : child.nextSibling;
      if (child.prevSibling?.name !== 'AssignOp' && after?.name !== 'AssignOp') required++;
    }
  }
  return required;
}

/** The name of a function or class. */
export function nameOf(node: SyntaxNode, source: string): string {
  const name = node.getChild('VariableName');
  return name ? source.slice(name.from, name.to) : '';
}

/** `app.task` for `@app.task(...)`. */
export function decoratorPath(node: SyntaxNode, source: string): string {
  return children(node)
    .filter(({ name }) => name === 'VariableName')
    .map(({ from, to }) => source.slice(from, to))
    .join('.');
}

/** `if __name__ == "__main__":`, either way round. */
export function isMainGuard(node: SyntaxNode, source: string): boolean {
  const test = node.getChild('BinaryExpression');
  if (!test || !test.getChild('CompareOp')) return false;
  const sides = [test.firstChild, test.lastChild].map((side) => readValue(side, source));
  return sides.some(({ path }) => path === '__name__') && sides.some(({ text }) => text === '__main__');
}

/** Line numbers by position. Positions are asked for in rising order, so the text is gone through once. */
export function lineCounter(source: string): (at: number) => number {
  let line = 1;
  let position = 0;
  return (at) => {
    if (at < position) [line, position] = [1, 0];
    for (
      let next = source.indexOf('\n', position);
      next !== -1 && next < at;
      next = source.indexOf('\n', position)
    ) {
      line++;
      position = next + 1;
    }
    return line;
  };
}
