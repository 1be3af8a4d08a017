/**
 * The lists of one section of a setup.cfg, by key: `install_requires` of `options`, an extra of
 * `options.extras_require`. Source: setuptools, "Configuring setuptools using setup.cfg files".
 */
export function cfgLists(text: string, section: string): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  let inSection = false;
  let list: string[] | undefined;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const indented = /^\s/.test(raw);
    if (!indented && /^\[.*\]$/.test(line)) {
      inSection = line.slice(1, -1).trim() === section;
      list = undefined;
    } else if (inSection && !indented) {
      const [key = '', ...rest] = line.split('=');
      const first = rest.join('=').trim();
      list = first === '' ? [] : [first];
      lists.set(key.trim(), list);
    } else {
      list?.push(line);
    }
  }
  return lists;
}
