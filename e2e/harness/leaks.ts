import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { run } from '../../tools/shell';
import { docker } from './docker';

/** A place and the bytes that are there. */
export type Places = readonly (readonly [place: string, bytes: Buffer])[];

/** In which places some secrets are, in any form that programs write them. */
export function leaks(secrets: readonly string[], places: Places): readonly string[] {
  const needles = secrets.flatMap((secret) => forms(secret).map((form) => Buffer.from(form)));
  return places.flatMap(([place, bytes]) =>
    needles.some((needle) => bytes.includes(needle)) ? [place] : [],
  );
}

/** As it is, as in an URL, as in JSON, and in base64 wherever it begins in a longer text. */
function forms(secret: string): readonly string[] {
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'x'.repeat(shift)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last digits also depend on what is beside it.
    return text.slice(shift === 0 ? 0 : shift + 1, -2);
  });
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...encoded])];
}

/** Every file below a folder; what is compressed as well as what is in it. */
export function filesBelow(folder: string, name: string): Places {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      const place = `${name}: ${relative(folder, path)}`;
      const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (bytes.length > 4 && bytes.readUInt32LE(0) === ZSTD) {
        throw new Error(`${place} is compressed by zstd, which this search cannot look into`);
      }
      return [[place, bytes] as const, ...(gzip ? [[`${place}, unpacked`, gunzipSync(bytes)] as const] : [])];
    });
}

const ZSTD = 0xfd2fb528;

/** An image as `docker save` writes it: every layer, the configuration, the history, attestations. */
export async function imagePlaces(image: string): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-saved-'));
  try {
    await docker('save', '--output', join(folder, 'image.tar'), image);
    await run('tar', ['-xf', join(folder, 'image.tar'), '-C', folder]);
    rmSync(join(folder, 'image.tar'));
    return [
      ...filesBelow(folder, `image ${image}`),
      [`history of ${image}`, Buffer.from(await docker('history', '--no-trunc', image))],
      [`configuration of ${image}`, Buffer.from(await docker('image', 'inspect', image))],
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Remembers the arguments of every process of this machine, until it is stopped. */
export function watchArguments(): { readonly stop: () => Promise<Buffer> } {
  const seen = new Set<string>();
  let going = true;
  const watch = async (): Promise<void> => {
    while (going) {
      for (const name of readdirSync('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        try {
          seen.add(readFileSync(`/proc/${name}/cmdline`, 'latin1'));
        } catch {
          // it has ended meanwhile
        }
      }
      await sleep(25);
    }
  };
  const watching = watch();
  return {
    async stop() {
      going = false;
      await watching;
      return Buffer.from([...seen].join('\n'), 'latin1');
    },
  };
}
