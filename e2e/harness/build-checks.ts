import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../tools/shell';
import type { STAGE_NAMES } from '../../packages/docker-python/src/plan/types';
import { readRecord, type ImageRecord } from '../../packages/docker-python/src/record/image-record';

/** Rows of IMAGE-CHECKLIST about builds: each says what is wrong with what two builds gave, empty if nothing is. */

export function recordIn(workspaceRoot: string, path: string): ImageRecord {
  return readRecord(readFileSync(join(workspaceRoot, path), 'utf8'), path);
}

type Stage = (typeof STAGE_NAMES)[number] | 'installer';

/**
 * 13: the steps of this stage that ran, rather than coming from the cache.
 *
 * Of a step that two builds need at the same time BuildKit tells only one of them (`mergeTo` in its
 * solver/scheduler.go), so that a log can be without a stage that the image has.
 *
 * @param log what one build said
 * @param beside what all builds said that went on at the same time: looked in for a stage that the log is without
 * @throws Error for a log without any step: it shows nothing
 */
export function stepsThatRan(log: string, stage: Stage, beside = log): readonly string[] {
  const steps = stepsIn(log);
  if (steps.length === 0) throw new Error(`The log has no step:\n${log.slice(-4_000)}`);
  const told = steps.some(({ of }) => of === stage) ? steps : stepsIn(beside);
  return told.filter(({ of, cached }) => of === stage && !cached).map(({ line }) => line);
}

/**
 * How often the one step of a stage was carried out for all of these builds. One that two builds need at the same time
 * has the same duration in both of their logs.
 *
 * @param log what builds said that shared a builder
 */
export function timesCarriedOut(log: string, stage: Stage): number {
  const ran = stepsIn(log).filter(
    ({ of, cached, seconds }) => of === stage && !cached && seconds !== undefined,
  );
  return new Set(ran.map(({ seconds }) => seconds)).size;
}

interface Step {
  readonly of: string;
  readonly line: string;
  readonly cached: boolean;
  /** As it is printed; absent where it did not come to its end. */
  readonly seconds: string | undefined;
}

/** The numbers of the steps begin anew with each build. */
function stepsIn(log: string): readonly Step[] {
  return log.split(/^(?=> nx run )/m).flatMap((build) => {
    const found = [...build.matchAll(/^\s*#(\d+) \[(\S+) +\d+\/\d+\] (?:RUN|COPY)/gm)];
    // BuildKit names a step again where it goes on with it after others.
    const steps = new Map(found.map(([line, number, of]) => [number!, { of: of!, line: line.trim() }]));
    return [...steps].map(([number, step]) => ({
      ...step,
      cached: new RegExp(`^\\s*#${number} CACHED`, 'm').test(build),
      seconds: new RegExp(`^\\s*#${number} DONE ([\\d.]+)s`, 'm').exec(build)?.[1],
    }));
  });
}

/** 14: exactly one layer is new after an edit of the code. */
export function oneNewLayer(before: ImageRecord, after: ImageRecord): string {
  const known = new Set(before.layers);
  const fresh = after.layers.filter((layer) => !known.has(layer)).length;
  return fresh === 1 ? '' : `${fresh} layers are new`;
}

/** 17: of the workspace, the stage of the dependencies mounts and copies nothing. */
export function workspaceFilesIn(dockerfile: string, stage: string): string {
  const [, text] =
    new RegExp(`^FROM \\S+ AS ${stage}\\n(.*?)(?=^FROM |$(?![\\s\\S]))`, 'ms').exec(dockerfile) ?? [];
  if (text === undefined) return `there is no stage ${stage}`;
  const ofWorkspace =
    /--mount=(?!type=(?:cache|secret|ssh|tmpfs)\b)(?!\S*\bfrom=)\S+|^(?:COPY|ADD) (?!--from|<<).*/gm;
  return (text.match(ofWorkspace) ?? []).join(', ');
}

/** 22, 25: the same image. */
export function sameImage(before: ImageRecord, after: ImageRecord): string {
  return before.imageId === after.imageId
    ? ''
    : `${after.layers.filter((layer) => !before.layers.includes(layer)).length} other layers`;
}

/** 8: megabytes that BuildKit received as context, if more than an application has. */
export function largeContext(log: string): string {
  const sizes = [...log.matchAll(/transferring context: ([\d.]+)([kMG]?B)/g)].map(
    ([, number, unit]) =>
      Number(number) * { B: 1e-6, kB: 1e-3, MB: 1, GB: 1e3 }[unit as 'B' | 'kB' | 'MB' | 'GB'],
  );
  if (sizes.length === 0) return 'the log says nothing of a context';
  return Math.max(...sizes) < 5 ? '' : `${Math.max(...sizes)} MB were sent`;
}

/** 48: warnings of `docker build --check`. Source: the reference of that command. */
export async function complaintsOfBuildKit(folder: string, dockerfile: string): Promise<string> {
  const { output } = await attempt('docker', ['buildx', 'build', '--check', '--file', dockerfile, '.'], {
    cwd: folder,
  });
  if (output.includes('no warnings found')) return '';
  return [...output.matchAll(/^WARNING: (\w+)/gm)].map(([, name]) => name).join(', ') || output.slice(-500);
}
