import { shellLine } from '../shell';
import { instructionsOf, type InstructionText } from './instructions-of';

/** A Dockerfile that ends just before a step that failed. */
export interface DebugDockerfile {
  readonly text: string;
  /** The stage to build: the last one. */
  readonly stage: string;
  /** Secrets that the step mounts: a running container can have them, an image must not hold them. */
  readonly secrets: readonly MountedSecret[];
  /** Whether {@link SHELL} lies in the image, since a secret has to be put into its place first. */
  readonly shell: boolean;
  /** Whether the step lies in the image as a script. */
  readonly script: boolean;
}

export interface MountedSecret {
  readonly id: string;
  /** Absent where the step has it in a variable alone. */
  readonly target?: string;
  readonly env?: string;
}

/** Where the step lies in that image. */
export const STEP = '/debug/step.sh';

/** A program that puts secrets of variables where the step has them, and then is a shell. */
export const SHELL = '/debug/shell.sh';

/** Delimiter of a text that no script has as a line of its own. */
const END = 'END_OF_THE_FAILED_STEP';

/** Name of a stage that had none. */
const UNNAMED = 'last-good-stage';

/**
 * Cuts a Dockerfile before a step and adds what the step would see: the files of its bind mounts at their places, and
 * itself as a script. So a shell there is where the step was. Works for files that we have not written, too.
 *
 * @param text the Dockerfile
 * @param line where the step begins, counted from 1
 * @param variables secrets that are variables of a container of that image: id to name
 * @returns undefined where no stage has begun: then there is nothing to look into
 */
export function debugDockerfile(
  text: string,
  line: number,
  variables: Readonly<Record<string, string>> = {},
): DebugDockerfile | undefined {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const all = instructionsOf(lines);
  const at = all.findIndex(({ start, end }) => start < line && line <= end);
  const from = all.slice(0, Math.max(at, 0)).findLast(({ name }) => name === 'FROM');
  const step = all[at];
  if (!from || !step || step.name === 'FROM') return undefined;
  const before = lines.slice(0, step.start);
  const stage = /\sAS\s+(\S+)$/i.exec(from.rest)?.[1];
  if (stage === undefined) before[from.end - 1] = `${before[from.end - 1]!.trimEnd()} AS ${UNNAMED}`;
  const mounts = step.flags.flatMap(readMount);
  const script = step.name === 'RUN' ? scriptOf(step) : undefined;
  const secrets = mounts.flatMap(secretOf);
  const shell = shellOf(secrets, variables);
  return {
    text: [
      '# Ends before a step that failed, to look around there. Made by docker-build; safe to delete.',
      ...before,
      '',
      ...mounts.flatMap(copyOf),
      ...(script === undefined ? [] : [`COPY <<'${END}' ${STEP}`, script, END]),
      ...(shell === undefined ? [] : [`COPY <<'${END}' ${SHELL}`, shell, END]),
      '',
    ].join('\n'),
    stage: stage ?? UNNAMED,
    secrets,
    shell: shell !== undefined,
    script: script !== undefined,
  };
}

type Mount = Readonly<Partial<Record<string, string>>>;

/** Fields of a `--mount=` flag. Source: the Dockerfile reference, "RUN --mount". */
function readMount(flag: string): readonly Mount[] {
  if (!flag.startsWith('--mount=')) return [];
  const fields = flag.slice('--mount='.length).split(',');
  const pairs = fields.map((field): [string, string] => {
    const [key, ...value] = field.split('=');
    return [key!, value.join('=')];
  });
  return [Object.fromEntries(pairs)];
}

/** A bind mount as a copy. */
function copyOf(mount: Mount): readonly string[] {
  const { type = 'bind', from, source, src } = mount;
  const target = targetOf(mount);
  if (type !== 'bind' || target === undefined) return [];
  const words = [source ?? src ?? (from === undefined ? '.' : '/'), target];
  return [`COPY ${from === undefined ? '' : `--from=${from} `}${JSON.stringify(words)}`];
}

function secretOf(mount: Mount): readonly MountedSecret[] {
  if (mount['type'] !== 'secret') return [];
  const { env, id = targetOf(mount)?.split('/').at(-1) } = mount;
  if (id === undefined) return [];
  const target = targetOf(mount) ?? (env === undefined ? `/run/secrets/${id}` : undefined);
  return [{ id, ...(target === undefined ? {} : { target }), ...(env === undefined ? {} : { env }) }];
}

/** The values go to memory; their place gets a link to it. */
function shellOf(
  secrets: readonly MountedSecret[],
  variables: Readonly<Record<string, string>>,
): string | undefined {
  const given = secrets.flatMap((secret) => {
    const variable = variables[secret.id];
    return variable === undefined ? [] : [{ ...secret, variable }];
  });
  if (given.length === 0) return undefined;
  const kept = new Set(given.map(({ env }) => env));
  return [
    'umask 077',
    ...given.flatMap(({ id, target, env, variable }) => [
      ...(target === undefined
        ? []
        : [
            shellLine(['mkdir', '-p', target.slice(0, target.lastIndexOf('/')) || '/']),
            `[ -z "\${${variable}+set}" ] || printf %s "$${variable}" > /dev/shm/secret-${id}`,
            shellLine(['ln', '-sf', `/dev/shm/secret-${id}`, target]),
          ]),
      ...(env === undefined || env === variable ? [] : [`export ${env}="$${variable}"`]),
    ]),
    ...new Set(given.flatMap(({ variable }) => (kept.has(variable) ? [] : [`unset ${variable}`]))),
    'umask 022',
    'exec sh',
  ].join('\n');
}

function targetOf({ target, dst, destination }: Mount): string | undefined {
  return target ?? dst ?? destination;
}

/** A RUN step as a shell script. */
function scriptOf({ rest, heredocs }: InstructionText): string {
  const [only] = heredocs;
  // Nothing but a heredoc: that is the script.
  if (only && /^<<-?(["']?)\w+\1$/.test(rest)) return only.text;
  if (rest.startsWith('[')) {
    try {
      return shellLine(JSON.parse(rest) as string[]);
    } catch {
      // Not JSON: a line for the shell, as Docker sees it.
    }
  }
  return [rest, ...heredocs.flatMap(({ name, text }) => [text, name])].join('\n');
}
