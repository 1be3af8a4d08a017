import { readAsset } from '../assets';
import { run } from '../instructions';

/** Where build steps find the helper programs. */
export const SCRIPTS = '/run/docker-python';

const NAMES = [
  'application.py',
  'bytecode.py',
  'collectstatic.py',
  'linkage.py',
  'metadata.py',
  'requirements.py',
] as const;

/** Helper programs in a stage of their own: mounted into steps, never part of the image. */
export function renderScripts(python: string): string {
  const old = /^3\.(?:\d|10)$/.test(python);
  return [
    ...(old ? tomlReader() : []),
    'FROM scratch AS scripts',
    ...NAMES.map(copyInline),
    ...(old ? ['COPY --from=toml /out /'] : []),
  ].join('\n');
}

/** Python reads TOML from 3.11 on. For older ones the copy of tomli that pip has, and every Python has a pip to unpack. */
function tomlReader(): readonly string[] {
  return [
    'FROM base AS toml',
    run(
      [],
      [
        'python -m venv /tmp/toml',
        'mkdir /out',
        'cp -R /tmp/toml/lib/python3*/site-packages/pip/_vendor/tomli /out',
      ],
    ),
  ];
}

function copyInline(name: string): string {
  const text = readAsset('scripts', name).trimEnd();
  return `COPY <<'EOF' /${name}\n${text}\nEOF\n`;
}
