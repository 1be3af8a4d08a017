import { commandOptions } from '../python-source';
import { consoleScripts } from './own-scripts';
import type { Argv } from '../types';
import type { ProjectView } from './types';

/** Options by which programs are told on which address to listen. */
const ADDRESS = /^--?(host|hostname|bind|bind-address|listen|address|addr|interface|ip)$/;

/** Addresses that cannot be reached from outside of a container, with a port or without. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(:\d+)?$/;

/** Only files in which one of these words stands are parsed for options. */
const SPEAKS_OF_IT = /["']--?(host|bind|listen|addr|interface|ip)/;

/** A program of the project that listens where nobody can reach it, unless it is told otherwise. */
export interface LoopbackOption {
  /** The command with an address that can be reached; with the subcommand that the option belongs to. */
  readonly instead: Argv;
  /** Why the command as it is will not do, as a part of a sentence. */
  readonly problem: string;
  /** Whether the better command is certain: the option is one of the program itself, not of a subcommand. */
  readonly certain: boolean;
}

/**
 * Whether a program of the project would listen on an address of the container alone: its command line has an option for
 * the address, the default is such an address, and the command does not set it.
 *
 * @param argv starts with the program
 */
export function loopbackOption(view: ProjectView, argv: Argv): LoopbackOption | undefined {
  const script = consoleScripts(view).find(({ name }) => name === argv[0]);
  const text = script && view.tree.read(view.tree.locate(script.module)!);
  if (!script || text === undefined || !SPEAKS_OF_IT.test(text)) return undefined;
  const options = commandOptions(text);
  const option = options.find(
    ({ names, default: value }) =>
      names.some((name) => ADDRESS.test(name)) && LOOPBACK.test(value.text ?? ''),
  );
  if (!option || argv.some((word) => option.names.some((name) => isGiven(word, name)))) return undefined;
  const name = option.names.find((spelling) => ADDRESS.test(spelling))!;
  const sub = option.of !== undefined && option.of !== script.func ? [option.of.replaceAll('_', '-')] : [];
  const address = option.default.text!;
  const open = address.replace(/^(localhost|127\.[\d.]+|\[?::1\]?)/, '0.0.0.0');
  const missing = sub.filter((word) => !argv.includes(word));
  // Another subcommand may well listen on nothing.
  if (missing.length > 0 && argv[1] !== undefined && !argv[1].startsWith('-')) return undefined;
  return {
    instead: [argv[0]!, ...missing, ...argv.slice(1), name, open],
    problem: `${argv[0]} listens on ${address}, which nobody outside of the container reaches, unless ${name} says otherwise`,
    certain: sub.length === 0 && !/\badd_subparsers\b/.test(text),
  };
}

function isGiven(word: string, option: string): boolean {
  return word === option || word.startsWith(`${option}=`);
}
