import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { DockerPythonError, nearestName } from '../errors';
import { STAGE_NAMES, type StagePieces } from '../plan/types';
import { DEFAULT_PIECE } from '../render/piece';

/** What an organisation renders otherwise. */
export interface Templates {
  /** Stage to the text that stands for it. */
  readonly pieces: StagePieces;
  /** The configuration of gunicorn that setup writes. */
  readonly gunicornConf?: string;
}

const GUNICORN = 'gunicorn.conf.py';
const ENDING = '.Dockerfile';
const NAMES: readonly string[] = [...STAGE_NAMES.map((name) => `${name}${ENDING}`), GUNICORN];

/**
 * Reads the folder that `templates` in nx.json names: `<stage>.Dockerfile` for stages, `gunicorn.conf.py`; pages of
 * Markdown are for people.
 *
 * @param folder workspace-relative
 * @throws DockerPythonError UNKNOWN_SETTING for a file that stands for nothing, INVALID_SETTINGS for a stage that does
 *   not begin as it has to, and where there is no such folder
 */
export function readTemplates(files: FileSource, folder: string | undefined): Templates {
  if (folder === undefined) return { pieces: {} };
  const names = files.list(folder).filter((name) => !name.endsWith('.md'));
  if (names.length === 0) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `"templates" in nx.json is ${JSON.stringify(folder)}, where there are no templates.`,
      hint: `Put ${NAMES[1]} or another of them there, or remove the option. They are: ${NAMES.join(', ')}.`,
    });
  }
  const texts = names.map((name) => [name, readTemplate(files, folder, name)] as const);
  const gunicornConf = texts.find(([name]) => name === GUNICORN)?.[1];
  const pieces = texts.filter(([name]) => name !== GUNICORN);
  return {
    pieces: Object.fromEntries(pieces.map(([name, text]) => [name.slice(0, -ENDING.length), text])),
    ...(gunicornConf === undefined ? {} : { gunicornConf }),
  };
}

function readTemplate(files: FileSource, folder: string, name: string): string {
  const path = posix.join(folder, name);
  const text = (files.read(path) ?? '').replaceAll('\r\n', '\n');
  if (!NAMES.includes(name)) {
    const near = nearestName(name, NAMES);
    throw new DockerPythonError({
      code: 'UNKNOWN_SETTING',
      message: `${path} is a template for nothing.`,
      hint: `${near ? `Did you mean ${near}? ` : ''}Templates are: ${NAMES.join(', ')}.`,
    });
  }
  const stage = name.slice(0, -ENDING.length);
  const begins =
    text.split(DEFAULT_PIECE).length === 2 || new RegExp(`^FROM .+ AS ${stage}$`, 'm').test(text);
  if (name !== GUNICORN && !begins) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `${path} neither has ${DEFAULT_PIECE} once nor begins the stage: other stages build on "${stage}".`,
      hint: `Write ${DEFAULT_PIECE} where the stage as docker-python renders it belongs, or "FROM ... AS ${stage}".`,
    });
  }
  return text;
}
