import { type ContextSelection } from '../plan/context';
import { NEVER } from '../plan/default-exclusions';
import { managed } from './managed';

/**
 * The selection as `Dockerfile.dockerignore`: an allowlist, then what is taken out of it. The last line that
 * matches a file decides. BuildKit prefers `<Dockerfile>.dockerignore` to any `.dockerignore`.
 *
 * @param ignored lines for what version control and Nx ignore, which may re-include with `!`
 */
export function renderDockerignore(selection: ContextSelection, ignored: readonly string[]): string {
  // A folder by its own name, so that the engine need not look into it.
  const folder = (pattern: string): string => pattern.replace(/(^|\/)([^/*?]+)\/\*\*$/, '$1$2');
  return managed(
    [
      '*',
      ...new Set(selection.include.map((pattern) => `!${folder(pattern)}`)),
      ...(ignored.length > 0 ? ['# ignored by git or Nx, so not hashed, so not sent', ...ignored] : []),
      '# not part of the image',
      ...new Set(selection.exclude.map(folder)),
      ...(selection.artifacts.length > 0
        ? [
            '# made by other targets, and hashed as their outputs',
            ...selection.artifacts.map((path) => `!${path}`),
            ...NEVER.map(folder),
          ]
        : []),
      '',
    ].join('\n'),
  );
}
