import type { PythonTree } from '../python-source';

/** Whether this plugin wrote a Dockerfile: then it is no evidence of what its author wants. */
export function isManaged(text: string): boolean {
  return text.startsWith('# Managed by docker-python');
}

/** Where hand-written Dockerfiles are, the one for production first. Project-relative. */
export const DOCKERFILES: readonly string[] = [
  'Dockerfile.prod',
  'Dockerfile.production',
  'prod.Dockerfile',
  'Dockerfile',
  'Containerfile',
  'docker/Dockerfile',
  'docker/Dockerfile.prod',
  'deploy/Dockerfile',
  '.docker/Dockerfile',
  'dockerfile',
];

/** The project's own Dockerfiles, best first. */
export function findDockerfiles(tree: PythonTree): readonly string[] {
  return DOCKERFILES.filter((path) => tree.exists(path) && !isManaged(tree.read(path) ?? ''));
}

/** One instruction: `CMD`, and the rest with line continuations joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Splits a Dockerfile into instructions. Comments and unknown lines are skipped; heredocs end up as unknown lines. */
export function instructions(text: string): readonly Instruction[] {
  const found: Instruction[] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    if (/\\\s*$/.test(line)) {
      open += `${line.replace(/\\\s*$/, '')} `;
      continue;
    }
    const match = /^\s*([A-Za-z]+)\s+(\S[\s\S]*)$/.exec(open + line);
    open = '';
    if (match) found.push({ name: match[1]!.toUpperCase(), rest: match[2]!.trim() });
  }
  return found;
}

/** The instructions of the last stage with those of the stages it is made from, in order. */
export function finalStage(all: readonly Instruction[]): readonly Instruction[] {
  const stages: { name: string; base: string; body: Instruction[] }[] = [];
  for (const instruction of all) {
    if (instruction.name === 'FROM') {
      const words = instruction.rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      const named = words[1]?.toLowerCase() === 'as' ? words[2]! : '';
      stages.push({ name: named.toLowerCase(), base: (words[0] ?? '').toLowerCase(), body: [] });
    } else stages.at(-1)?.body.push(instruction);
  }
  let at = stages.length - 1;
  let chain: Instruction[] = [];
  while (at >= 0) {
    const { base, body } = stages[at]!;
    chain = [...body, ...chain];
    at = base === '' ? -1 : stages.slice(0, at).findLastIndex(({ name }) => name === base);
  }
  return chain;
}

/** The port that a Dockerfile exposes, if it is exactly one. */
export function exposedPort(text: string): number | undefined {
  const ports = finalStage(instructions(text)).flatMap(({ name, rest }) =>
    name === 'EXPOSE' ? rest.split(/\s+/) : [],
  );
  const numbers = [...new Set(ports.map((port) => Number(/^(\d{1,5})(\/tcp)?$/.exec(port)?.[1])))];
  return numbers.length === 1 && isPort(numbers[0]!) ? numbers[0] : undefined;
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}
