import type { ContextSelection } from '../plan/context';
import { managed } from './managed';

/**
 * The selection as `Dockerfile.dockerignore`: an allowlist, then what is taken out of it. The last line that
 * matches a file decides. BuildKit prefers `<Dockerfile>.dockerignore` to any `.dockerignore`.
 *
 * @param ignored lines for what version control and Nx ignore, which may re-include with `!`
 */
export function renderDockerignore(selection: ContextSelection, ignored: readonly string[]): string {
  const folder = (pattern: string): string => pattern.replace(/\/\*\*$/, '');
  return managed(
    [
      '*',
      ...selection.include.map((pattern) => (pattern === '**' ? '!**' : `!${folder(pattern)}`)),
      ...(ignored.length > 0 ? ['# ignored by git or Nx, so not hashed, so not sent', ...ignored] : []),
      '# not part of the image',
      ...selection.exclude.map(folder),
      '',
    ].join('\n'),
  );
}
