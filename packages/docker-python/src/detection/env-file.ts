/**
 * `NAME=value` lines, with `export`, quotes and comments. Source: the de-facto format of python-dotenv.
 */
export function readEnvFile(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, raw] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || raw === undefined) return [];
    const [, double, single] = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/.exec(raw) ?? [];
    if (double !== undefined)
      return [[name, double.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))]];
    return [[name, single ?? raw.replace(/(^|\s)#.*$/, '').trim()]];
  });
}
