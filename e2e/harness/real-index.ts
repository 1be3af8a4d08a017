import { docker } from './docker';

/** The simple index that pip asks by default, from pip itself: the repository names none. */
export function realIndex(): Promise<string> {
  const question = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
  return docker('run', '--rm', 'python:3.13-slim-trixie', 'python3', '-c', question);
}
