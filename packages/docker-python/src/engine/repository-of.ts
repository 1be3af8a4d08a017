/** `docker.io/library/python:3.13@sha256:...` -> `python`: the name as the engine writes it. */
export function repositoryOf(reference: string): string {
  return reference
    .replace(/@.*$/, '')
    .replace(/:[^:/]*$/, '')
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\//, '');
}
