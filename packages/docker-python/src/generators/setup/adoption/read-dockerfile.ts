import { posix } from 'node:path';
import { parseShellLine } from '../../../detection/argv';
import { joinInside } from '../../../detection/files';
import { isOfTheSystem } from '../../../plan/processes';
import { finalStage, instructions, type Instruction } from '../../../detection/frameworks/dockerfile-text';

/** What a Dockerfile of somebody's says about its image, as far as it can be read without building. */
export interface DockerfileFacts {
  /** As the last stage names it, through the stages that it is made from. */
  readonly base: string;
  /** Absent where it runs as what the base says, mostly root. */
  readonly user?: string;
  readonly ports: readonly string[];
  readonly command?: string;
  readonly healthCheck: boolean;
  /** Path that its health check asks this container for, where it has an address of it. */
  readonly healthPath?: string;
  /** Variables that it gives collectstatic of Django, as it writes them. */
  readonly staticEnv: Readonly<Record<string, string>>;
  readonly stages: number;
  /** Names of variables that it sets. */
  readonly env: readonly string[];
  /** Absolute folders of the image that it declares as volumes. */
  readonly volumes: readonly string[];
  /** System packages that any of its stages installs. */
  readonly packages: readonly string[];
  /** Workspace-relative files and folders that any of its stages copies from the context; `.` for all of it. */
  readonly copied: readonly string[];
  /** Workspace-relative requirements lists that any of its stages installs. */
  readonly lists: readonly string[];
}

/**
 * Reads a Dockerfile.
 *
 * @param root of the project, workspace-relative
 * @param exists whether something is at a workspace-relative path: a source that is not below the project is taken to
 *   be relative to the workspace, as with a build from there
 */
export function readDockerfile(
  text: string,
  root: string,
  exists: (path: string) => boolean,
): DockerfileFacts {
  const all = instructions(text);
  const final = finalStage(all);
  const last = (name: string): string | undefined =>
    final.findLast((instruction) => instruction.name === name)?.rest;
  const command = [last('ENTRYPOINT'), last('CMD')].filter((part) => part !== undefined).map(plainWords);
  const user = last('USER');
  const check = last('HEALTHCHECK');
  const healthPath = OWN_ADDRESS.exec(check ?? '')?.[1];
  return {
    base: baseOf(all),
    ...(user === undefined ? {} : { user }),
    ports: final.flatMap(({ name, rest }) => (name === 'EXPOSE' ? rest.split(/\s+/) : [])),
    ...(command.length > 0 ? { command: command.join(' ') } : {}),
    healthCheck: check !== undefined && !/^NONE\b/i.test(check),
    ...(healthPath === undefined ? {} : { healthPath }),
    staticEnv: Object.assign({}, ...all.map(staticEnvOf)) as Record<string, string>,
    stages: all.filter(({ name }) => name === 'FROM').length,
    env: final.flatMap(({ name, rest }) => (name === 'ENV' ? variablesOf(rest) : [])),
    volumes: [
      ...new Set(final.flatMap(({ name, rest }) => (name === 'VOLUME' ? foldersOf(rest, final) : []))),
    ],
    packages: [...new Set(all.flatMap(({ name, rest }) => (name === 'RUN' ? packagesOf(rest) : [])))].sort(),
    lists: [...new Set(all.flatMap((step) => listsOf(step, root, exists)))].sort(),
    copied: [...new Set(all.flatMap(sourcesOf).flatMap((source) => placeOf(source, root, exists)))].sort(),
  };
}

/** An address of the container itself, and the path in it. */
const OWN_ADDRESS = /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[^/\s"']*)?(\/[\w./-]*)/;

/** `RUN SECRET_KEY=build python manage.py collectstatic`: plain values; what a shell computes is left out. */
function staticEnvOf({ name, rest }: Instruction): Record<string, string> {
  if (name !== 'RUN') return {};
  const [command] = rest.split(/&&|;|\|/).filter((part) => /\bcollectstatic\b/.test(part));
  const [, words = ''] = /((?:\b[A-Za-z_]\w*=\S*\s+)+)\S*python/.exec(command ?? '') ?? [];
  return Object.fromEntries(
    [...words.matchAll(/(\w+)=(['"]?)([\w./:@+-]*)\2(?=\s)/g)].map(([, key, , value]) => [key!, value!]),
  );
}

/** The image that the last stage comes from in the end, with the defaults of ARG filled in. */
function baseOf(all: readonly Instruction[]): string {
  const args = new Map(
    all.flatMap(({ name, rest }) => {
      const [, key, value] = /^(\w+)=(\S+)/.exec(rest) ?? [];
      return name === 'ARG' && key !== undefined ? [[key, value!.replace(/^["']|["']$/g, '')] as const] : [];
    }),
  );
  const stages = all.flatMap(({ name, rest }) => {
    if (name !== 'FROM') return [];
    const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
    return [{ image: words[0] ?? '', stage: (words[2] ?? '').toLowerCase() }];
  });
  let at = stages.at(-1);
  while (at) {
    const { image } = at;
    const before = stages.slice(0, stages.indexOf(at)).findLast(({ stage }) => stage === image.toLowerCase());
    if (!before)
      return image.replace(/\$\{?(\w+)(?::-[^}]*)?\}?/g, (word, name: string) => args.get(name) ?? word);
    at = before;
  }
  return '';
}

/** Exec form as the words that it has. */
function plainWords(rest: string): string {
  try {
    const words: unknown = JSON.parse(rest);
    return Array.isArray(words) ? words.join(' ') : rest;
  } catch {
    return rest;
  }
}

function variablesOf(rest: string): readonly string[] {
  const old = /^(\w+)\s+[^=\s]/.exec(rest);
  return old ? [old[1]!] : [...rest.matchAll(/(?:^|\s)(\w+)=/g)].map(([, name]) => name!);
}

/** Folders, with the values of ENV and ARG filled in; without those that are not known, and those of the system. */
function foldersOf(rest: string, final: readonly Instruction[]): readonly string[] {
  const values = new Map(
    final.flatMap(({ name, rest: pair }) => {
      const [, key, value] = /^(\w+)[= ]["']?([^\s"']+)/.exec(pair) ?? [];
      return (name === 'ENV' || name === 'ARG') && key !== undefined ? [[key, value!] as const] : [];
    }),
  );
  return plainWords(rest)
    .split(/\s+/)
    .map((word) => word.replace(/\$\{?(\w+)\}?/g, (unknown, name: string) => values.get(name) ?? unknown))
    .filter((word) => /^\/[\w.-][\w./-]*$/.test(word))
    .map((word) => posix.normalize(word).replace(/\/$/, ''))
    .filter((folder) => !isOfTheSystem(folder));
}

/** Commands that install system packages. Sources: apt-get(8), apk(8), dnf(8). */
const INSTALLS = /\b(?:apt-get|apt|dnf|microdnf|yum|apk)\b[^&|;]*?\s(?:install|add)\b([^&|;]*)/g;

function packagesOf(script: string): readonly string[] {
  return [...script.matchAll(INSTALLS)]
    .flatMap(([, words]) => words!.split(/\s+/))
    .map((word) => word.replace(/=.*/, ''))
    .filter((word) => /^[a-z0-9][\w.+-]+$/.test(word));
}

/** `-r x.txt` of pip and `uv pip`. Where it lies in the image is unknown, so the longest end of its path counts that the project has. */
function listsOf(
  { name, rest }: Instruction,
  root: string,
  exists: (path: string) => boolean,
): readonly string[] {
  if (name !== 'RUN') return [];
  return [...rest.matchAll(/\bpip3?\b[^&|;]*?\s(?:install|sync|wheel)\b([^&|;]*)/g)].flatMap(([, words]) =>
    [...words!.matchAll(/(?:^|\s)(?:-r|--requirements?)[ =]?([^\s"'$]+)/g)].flatMap(([, path]) => {
      const parts = path!.split('/').filter((part) => part !== '' && part !== '.');
      const ends = parts.map((_, at) => joinInside(root, ...parts.slice(at)));
      return ends.find((end) => end !== undefined && exists(end)) ?? [];
    }),
  );
}

/** What an instruction takes from the context: by COPY, ADD, or a mount. */
function sourcesOf({ name, rest }: Instruction): readonly string[] {
  if (name === 'RUN') {
    return [...rest.matchAll(/--mount=(\S+)/g)].flatMap(([, fields]) => {
      const read = (key: RegExp): string | undefined => key.exec(fields!)?.[1];
      if (read(/(?:^|,)from=([^,]+)/) !== undefined || !/(^|,)type=bind|^(?!.*type=)/.test(fields!))
        return [];
      return [read(/(?:^|,)(?:source|src)=([^,]+)/) ?? '.'];
    });
  }
  if (name !== 'COPY' && name !== 'ADD') return [];
  const parsed = parseShellLine(
    rest.replace(
      /^((?:--\S+\s+)*)\[(.*)\]$/,
      (_, flags: string, words: string) => flags + words.replaceAll(',', ' '),
    ),
    () => undefined,
  );
  const words = 'problem' in parsed ? rest.split(/\s+/) : (parsed.commands[0]?.argv ?? []);
  if (words.some((word) => word.startsWith('--from'))) return [];
  return words
    .filter((word) => !word.startsWith('--'))
    .slice(0, -1)
    .filter((word) => !/^(<<|https?:|git@|\$)/.test(word));
}

function placeOf(source: string, root: string, exists: (path: string) => boolean): readonly string[] {
  // Of a pattern, the part before its first wildcard.
  const plain = source.replace(/^\/+/, '').replace(/[^/]*[*?[].*$/, '') || '.';
  const [inProject, inWorkspace] = [joinInside(root, plain), joinInside(plain)];
  if (inProject !== undefined && plain !== '.' && exists(inProject)) return [inProject];
  return [inWorkspace ?? inProject].flatMap((path) => (path === undefined ? [] : [posix.normalize(path)]));
}
