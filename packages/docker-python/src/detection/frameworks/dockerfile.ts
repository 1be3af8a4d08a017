import { posix } from 'node:path';
import { DockerPythonError } from '../../errors';
import { parseShellLine, type Variables } from '../argv';
import type { Argv } from '../types';
import { commands } from './command-line';
import { exposedPort, finalStage, findDockerfiles, instructions, type Instruction } from './dockerfile-text';
import type { Judged } from './quoted-command';
import type { Framework, ProjectView } from './types';

/** A hand-written Dockerfile: what its ENTRYPOINT and CMD start, entry scripts followed. */
export const dockerfile: Framework = {
  name: 'Dockerfile',
  looksFor: 'CMD or ENTRYPOINT of a hand-written Dockerfile',
  candidates(view) {
    for (const path of findDockerfiles(view.tree)) {
      const judged = judgeDockerfile(view, path);
      if (judged === undefined) continue;
      if ('candidate' in judged) {
        noteEnvironment(view, path);
        return [judged.candidate];
      }
      if (judged.asks !== undefined) {
        throw new DockerPythonError({
          code: 'COMMAND_NOT_FOUND',
          message: `The command of ${view.tree.label(path)} cannot be used: ${judged.problem}.`,
          hint: judged.asks,
        });
      }
      view.note({
        code: 'DOCKERFILE_COMMAND_IGNORED',
        message: `The command of ${view.tree.label(path)} is not used: ${judged.problem}.`,
        hint: 'If that command is the right one, write it as "command" in docker-python.json.',
      });
    }
    return [];
  },
};

function judgeDockerfile(view: ProjectView, path: string): Judged | undefined {
  const text = view.tree.read(path) ?? '';
  const stage = finalStage(instructions(text));
  const variables = environment(view, stage, text);
  const cmd = stage.findLast(({ name }) => name === 'CMD');
  const entrypoint = stage.findLast(({ name }) => name === 'ENTRYPOINT');
  if (!cmd && !entrypoint) return undefined;
  const context = {
    from: `${entrypoint && !cmd ? 'ENTRYPOINT' : 'CMD'} in ${view.tree.label(path)}`,
    variables,
    copies: copiedFiles(stage, variables),
    serves: exposedPort(text) !== undefined,
  };
  const start = entrypoint && form(entrypoint);
  const args = cmd && form(cmd);
  // An entry point in exec form gets the CMD as its arguments; in shell form it ignores it.
  if (start && 'argv' in start) {
    const rest = args === undefined ? [] : 'argv' in args ? args.argv : ['/bin/sh', '-c', args.line];
    return commands(view, [{ env: [], argv: [...start.argv, ...rest] }], context);
  }
  const form_ = start ?? args!;
  if ('argv' in form_) return commands(view, [{ env: [], argv: form_.argv }], context);
  const parsed = parseShellLine(form_.line, variables);
  return 'problem' in parsed ? parsed : commands(view, parsed.commands, context);
}

/** Variables of images that are about Python and its tools, not about the application. */
const IMAGE_VARIABLE =
  /^(PYTHON\w*|PIP_\w+|UV_\w+|POETRY_\w+|PDM_\w+|PIPENV_\w+|PATH|VIRTUAL_ENV|VENV\w*|PYSETUP_PATH|PORT|LANG|LANGUAGE|LC_\w+|DEBIAN_FRONTEND|HOME|USER|TZ|LD_\w+|APP_HOME|APP_DIR|WORKDIR)$/;

/** Says which variables the Dockerfile sets for the application: the command may need them. */
function noteEnvironment(view: ProjectView, path: string): void {
  const names = finalStage(instructions(view.tree.read(path) ?? ''))
    .filter(({ name }) => name === 'ENV')
    .flatMap(({ rest }) =>
      /^\w+\s+[^=\s]/.test(rest)
        ? [/^\w+/.exec(rest)![0]]
        : [...rest.matchAll(/(?:^|\s)(\w+)=/g)].map((match) => match[1]!),
    )
    .filter((name) => !IMAGE_VARIABLE.test(name));
  if (names.length === 0) return;
  view.note({
    code: 'DOCKERFILE_ENV_IGNORED',
    message: `${view.tree.label(path)} sets ${[...new Set(names)].join(', ')}, which the image does not.`,
    hint: 'Write those that the application needs under "env" in docker-python.json.',
  });
}

/** Exec form: a JSON array. Anything else is a line for a shell. */
function form({ rest }: Instruction): { argv: Argv } | { line: string } {
  if (rest.startsWith('[')) {
    try {
      const words: unknown = JSON.parse(rest);
      if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return { argv: words };
    } catch {
      // Docker takes an array that is not JSON for a shell line, too.
    }
  }
  return { line: rest };
}

/** Variables of ENV, and of ARG with a default. */
function environment(view: ProjectView, stage: readonly Instruction[], text: string): Variables {
  const values = new Map<string, string>();
  const lookup: Variables = (name, fallback) => {
    if (name !== 'PORT') return values.get(name);
    return String(view.port ?? values.get(name) ?? fallback ?? exposedPort(text) ?? 8000);
  };
  for (const { name, rest } of stage) {
    if (name !== 'ENV' && name !== 'ARG') continue;
    const old = /^([A-Za-z_]\w*)\s+([^=\s].*)$/.exec(rest);
    const pairs = old
      ? [[old[1]!, old[2]!] as const]
      : [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*)/g)].map(
          (match) => [match[1]!, match[2]!] as const,
        );
    for (const [key, raw] of pairs) {
      const parsed = parseShellLine(`x ${old ? JSON.stringify(raw) : raw}`, (other) => values.get(other));
      if (!('problem' in parsed)) values.set(key, parsed.commands[0]?.argv.slice(1).join(' ') ?? '');
    }
  }
  return lookup;
}

/** Which file of the context is where in the image, for single files. */
function copiedFiles(stage: readonly Instruction[], variables: Variables): ReadonlyMap<string, string> {
  const copies = new Map<string, string>();
  let folder = '/';
  for (const { name, rest } of stage) {
    const parsed = parseShellLine(rest.replace(/[[\],]/g, ' '), variables);
    const words = 'problem' in parsed ? [] : (parsed.commands[0]?.argv ?? []);
    if (name === 'WORKDIR' && words[0] !== undefined) folder = posix.resolve(folder, words[0]);
    if ((name !== 'COPY' && name !== 'ADD') || words.some((word) => word.startsWith('--from'))) continue;
    const paths = words.filter((word) => !word.startsWith('--'));
    const target = paths.pop();
    for (const source of target === undefined ? [] : paths) {
      const place = posix.resolve(folder, target!);
      copies.set(place, source);
      if (target!.endsWith('/') || paths.length > 1 || target === '.')
        copies.set(posix.join(place, posix.basename(source)), source);
    }
  }
  return copies;
}
