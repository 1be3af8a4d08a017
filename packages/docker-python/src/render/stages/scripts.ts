import { readAsset } from '../assets';

/** Where build steps find the helper programs. */
export const SCRIPTS = '/run/docker-python';

const NAMES = ['application.py', 'collectstatic.py', 'linkage.py', 'metadata.py', 'requirements.py'] as const;

/** Helper programs in a stage of their own: mounted into steps, never part of the image. */
export function renderScripts(): string {
  return ['FROM scratch AS scripts', ...NAMES.map(copyInline)].join('\n');
}

function copyInline(name: string): string {
  const text = readAsset('scripts', name).trimEnd();
  return `COPY <<'EOF' /${name}\n${text}\nEOF\n`;
}
