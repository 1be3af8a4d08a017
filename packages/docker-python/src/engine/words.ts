import { AsyncLocalStorage } from 'node:async_hooks';

/** What the task said that runs here, where its words are kept instead of going to the terminal. */
const kept = new AsyncLocalStorage<string[]>();

/** A line for the user: on the terminal, or in the output of the task of a batch that says it. */
export function say(line: string): void {
  const words = kept.getStore();
  if (words) words.push(line);
  else process.stdout.write(`${line}\n`);
}

/** The same for what is beside the result: on the terminal, it goes to standard error. */
export function sayBeside(line: string): void {
  const words = kept.getStore();
  if (words) words.push(line);
  else process.stderr.write(`${line}\n`);
}

/** Where the words of what runs here are kept; undefined where they go to the terminal. */
export function keptWords(): string[] | undefined {
  return kept.getStore();
}

/** Does work, keeping its words and those of the processes that it starts, so that those of several do not mix. */
export async function keepingWords<T>(work: () => Promise<T>): Promise<{ value: T; words: string }> {
  const words: string[] = [];
  const value = await kept.run(words, work);
  return { value, words: words.join('\n') };
}
