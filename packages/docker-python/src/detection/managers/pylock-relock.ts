import { DockerPythonError } from '../../errors';
import type { FileSource } from '../files';
import { readRequirements } from '../requirements';
import { stringAt } from '../toml';
import type { Argv } from '../types';
import { PDM } from './closures/pdm';
import { manifestFiles } from './manifest';
import { readTomlOnce } from './parse-cache';
import { upgradeWords } from './pin-list';
import type { PinRecipe, Upgrade } from './pins';
import { inRoot } from './pyproject';
import { asking, pipVersion, PINS, UV } from './tools';

/** A pylock.toml that is to be made anew. */
export interface PylockQuestion {
  readonly files: FileSource;
  readonly root: string;
  /** Workspace-relative. */
  readonly lock: string;
  /** Minor release of the image. */
  readonly python: string;
  readonly upgrade: Upgrade;
}

/** How a tool makes one: what it needs, and its commands. */
type Relock = (question: PylockQuestion) => Pick<PinRecipe, 'tools' | 'commands'>;

/**
 * The tools that can make theirs again. Sources: `uv pip compile` in uv's command reference, "lock.format" in PDM's
 * configuration, `pip lock` in pip's command reference.
 */
const TOOLS: Readonly<Record<string, Relock>> = {
  uv: ({ files, root, lock, upgrade }) => ({
    tools: [UV],
    commands: [
      [
        'uv',
        'pip',
        'compile',
        ...compiledWith(files.read(lock) ?? '', sourceIn(files, root)),
        '--quiet',
      ].concat(['-o', 'pylock.toml'], upgradeWords(upgrade)),
    ],
  }),

  pdm: ({ upgrade }) => ({
    tools: PDM,
    commands: [
      ...(upgrade !== 'all' && upgrade.length > 0 ? [[...PINS, 'forget', 'pylock.toml', ...upgrade]] : []),
      asking('pyproject.toml', [
        ...['env', 'PDM_LOCK_FORMAT=pylock', 'pdm', 'lock'],
        ...(upgrade === 'all' ? [] : ['--update-reuse']),
      ]),
    ],
  }),

  pip: ({ files, root, python, upgrade }) => {
    const source = sourceIn(files, root);
    const command = ['pip', 'lock', '--quiet', '-o', 'pylock.toml'];
    const wanted = source === 'pyproject.toml' ? ['.'] : ['-r', source];
    return {
      tools: [`pip==${pipVersion(python)}`],
      commands: [
        upgrade === 'all'
          ? [...command, ...wanted]
          : [...PINS, 'pip', source, upgrade.join(','), ...command, ...wanted],
      ],
    };
  },
};

/**
 * How a pylock.toml is made anew by the tool that made it, from the requirements or the manifest beside it.
 *
 * @throws DockerPythonError UNSUPPORTED_PROJECT for a lock of another tool, or with nothing to make it from
 */
export function relockPylock(question: PylockQuestion): PinRecipe {
  const { files, root, lock } = question;
  const creator = stringAt(readTomlOnce(files, lock), 'created-by') ?? 'nobody';
  const relock = TOOLS[creator.toLowerCase().split(/[\s-]/)[0]!];
  if (!relock) throw lockOfOther(lock, creator);
  const source = sourceIn(files, root);
  const path = inRoot(root, source);
  if (files.read(path) === undefined) throw withoutSource(lock, root);
  const chain = source === 'pyproject.toml' ? [] : readRequirements(files, path, root).files;
  const { tools, commands } = relock(question);
  return {
    root,
    tools,
    files: [...new Set([...manifestFiles(files, root), ...chain, lock])].sort(),
    commands,
    outputs: [lock],
  };
}

/** What a lock without a manifest of its own was made from: requirements that people write, else the manifest. */
function sourceIn(files: FileSource, root: string): string {
  const lists = ['requirements.in', 'requirements.txt'];
  return lists.find((name) => files.read(inRoot(root, name)) !== undefined) ?? 'pyproject.toml';
}

/**
 * The words that uv writes on top of what it made, without those that every run gives anew.
 *
 * @param source what it is made from, where uv does not say it: an export of a lock that is gone
 */
function compiledWith(lock: string, source: string): Argv {
  const said = /^# {4}uv pip compile (.*)$/m.exec(lock)?.[1]?.split(/\s+/);
  if (said === undefined) return [source, '--universal'];
  const output = said.findIndex((word) => word === '-o' || word === '--output-file');
  return said.filter(
    (word, at) =>
      (output === -1 || (at !== output && at !== output + 1)) &&
      !/^--(?:output-file=|quiet$|upgrade)/.test(word),
  );
}

function lockOfOther(path: string, creator: string): DockerPythonError {
  return new DockerPythonError({
    code: 'UNSUPPORTED_PROJECT',
    message: `${path} was made by ${creator}, which cannot make it anew here; ${Object.keys(TOOLS).join(', ')} can.`,
    hint: `Run ${creator} yourself. Or write the direct requirements to requirements.in, remove the lock, and run pin-deps.`,
  });
}

function withoutSource(path: string, root: string): DockerPythonError {
  return new DockerPythonError({
    code: 'PINS_WITHOUT_SOURCE',
    message: `Nothing says what ${path} is made from: ${root} has no requirements.in, requirements.txt or pyproject.toml.`,
    hint: 'Write what the project itself requires, one line each, to requirements.in beside it.',
  });
}
