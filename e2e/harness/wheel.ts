import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { docker } from './docker';

/** A package of one module, as an index serves it. */
export interface ServedWheel {
  readonly file: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/**
 * A wheel with one module that has a `FLAVOUR`. Sources: "Binary distribution format" of the Python packaging
 * specifications; APPNOTE.TXT of the zip format, 4.3 (stored files).
 */
export function wheel(distribution: string, version: string, flavour: string): ServedWheel {
  const module = distribution.replaceAll('-', '_');
  const info = `${module}-${version}.dist-info`;
  const files: Record<string, string> = {
    [`${module}/__init__.py`]: `FLAVOUR = ${JSON.stringify(flavour)}\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${distribution}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = Object.entries(files).map(
    ([path, text]) =>
      `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${Buffer.byteLength(text)}`,
  );
  const bytes = zip({ ...files, [`${info}/RECORD`]: `${record.join('\n')}\n${info}/RECORD,,\n` });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file: `${module}-${version}-py3-none-any.whl`, bytes, sha256 };
}

/** A wheel of the public index, for the Python of an image on this machine. */
export async function releasedWheel(requirement: string, image: string): Promise<ServedWheel> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-wheel-'));
  const ca = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
  const script = `python -m venv /tmp/v && /tmp/v/bin/pip download --quiet --no-deps --dest /wheels ${requirement}`;
  try {
    const mounts = [`--volume=${folder}:/wheels`, `--volume=${ca}:/ca:ro`, '--env=PIP_CERT=/ca'];
    await docker('run', '--rm', ...mounts, image, 'sh', '-c', script);
    const [file] = readdirSync(folder) as [string];
    const bytes = readFileSync(join(folder, file));
    return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wheels, and the page that links to them. */
export function pageOf(wheels: readonly ServedWheel[]): ReadonlyMap<string, Buffer> {
  const links = wheels.map(({ file, sha256 }) => `<a href="${file}#sha256=${sha256}">${file}</a>`);
  return new Map([
    ...wheels.map(({ file, bytes }) => [`/${file}`, bytes] as const),
    ['/', Buffer.from(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`)],
  ]);
}

/** 1 January 1980, the earliest date of the format. */
const DATE = 0x21;

function zip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(DATE, 8);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, rest, name]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}
