import fc from 'fast-check';
import { readPins } from './read-pins';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

const pinsIn = (text: string): Record<string, [versions: string, hashes: number]> =>
  Object.fromEntries(
    [...readPins(text)].map(([name, { versions, hashes }]) => [name, [versions.join(' '), hashes.size]]),
  );

test.each<[string, string, ReturnType<typeof pinsIn>]>([
  [
    'a list',
    `# head\n--index-url https://i.invalid/simple\nFlask[async]==3.1.0 ; python_version > "3" \\\r\n    --hash=sha256:${A} \\\r\n    --hash=sha256:${B}\nb_c @ https://h.invalid/b.zip --hash=sha256:${A}\n-e ../lib\nfree\n`,
    { flask: ['3.1.0', 2], 'b-c': ['https://h.invalid/b.zip', 1] },
  ],
  [
    'uv.lock, with two versions of one package and a member',
    `version = 1\n\n[[package]]\nname = "numpy"\nversion = "1.0"\nsdist = { url = "u", hash = "sha256:${A}" }\n\n[[package]]\nname = "numpy"\nversion = "2.0"\nwheels = [\n    { url = "u", hash = "sha256:${B}" },\n]\n\n[[package]]\nname = "api"\nversion = "1"\nsource = { editable = "." }\n`,
    { numpy: ['1.0 2.0', 2] },
  ],
  [
    'poetry.lock, with a folder',
    `[[package]]\nname = "idna"\nversion = "3.9"\nfiles = [\n    {file = "idna.whl", hash = "sha256:${A}"},\n]\n\n[[package]]\nname = "lib"\nversion = "1"\n\n[package.source]\ntype = "directory"\nurl = "../lib"\n\n[metadata]\ncontent-hash = "${B}"\n`,
    { idna: ['3.9', 1] },
  ],
  [
    'Pipfile.lock',
    JSON.stringify({
      _meta: { hash: { sha256: A } },
      default: { six: { hashes: [`sha256:${A}`], version: '==1.16.0' }, lib: { path: '../lib' } },
      develop: { repo: { git: 'https://g.invalid/r', ref: 'abc' } },
    }),
    { six: ['1.16.0', 1], repo: ['abc', 0] },
  ],
  [
    'pylock.toml',
    `lock-version = "1.0"\n[[packages]]\nname = "idna"\nversion = "3.9"\nwheels = [{ hashes = { sha256 = "${A}" } }]\n`,
    { idna: ['3.9', 1] },
  ],
  [
    'pylock.toml of PDM, with a digest of the manifest at its end',
    `lock-version = "1.0"\n[[packages]]\nname = "idna"\nversion = "3.9"\nwheels = [{ hashes = { sha256 = "${A}" } }]\n\n[tool.pdm]\nhashes = {sha256 = "${B}"}\n`,
    { idna: ['3.9', 1] },
  ],
  ['nothing', '', {}],
  ['broken JSON', '{ "default": ', {}],
])('%s', (_, text, expected) => {
  expect(pinsIn(text)).toEqual(expected);
});

test('never crashes', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readPins(text)));
  fc.assert(fc.property(fc.string(), (text) => void readPins(`[[package]]\nname = "${text}`)));
  fc.assert(fc.property(fc.json(), (text) => void readPins(text)));
});
