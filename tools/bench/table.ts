import { cpus, loadavg, totalmem } from 'node:os';
import type { Case, Measurement } from './cases';
import { OURS } from './contenders';

export interface Result {
  readonly of: Case;
  readonly measurements: readonly Measurement[];
  /** Of the machine when the case began. */
  readonly load: number;
}

/** The middle of the samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Facts of the machine that a reader needs to judge times. */
export function machine(engine: string): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}, Node ${process.version}, Docker ${engine}`;
}

/** One row for each contender of each case: the median, its spread, and how many times that of docker-python it is. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap(({ of, measurements, load }) => {
    const ours = measurements.find(({ contender }) => contender === OURS);
    return measurements.map(({ contender, unit, samples }, i) => {
      const value = median(samples);
      const isSame = ours?.unit === unit && contender !== OURS && median(ours.samples) > 0;
      const ratio = isSame ? `${(value / median(ours.samples)).toFixed(2)}` : '';
      const spread =
        samples.length > 1 ? `${show(Math.min(...samples))} to ${show(Math.max(...samples))}` : 'one run';
      return `| ${i === 0 ? of.title : ''} | ${contender} | ${show(value)} ${unit} | ${spread} | ${ratio} | ${i === 0 ? load.toFixed(1) : ''} |`;
    });
  });
  return [
    '| case | contender | median | range | times docker-python | load |',
    '| --- | --- | ---: | --- | ---: | ---: |',
    ...rows,
  ].join('\n');
}

/** Where another one is better, in words: what a table hides. */
export function losses(results: readonly Result[]): readonly string[] {
  return results.flatMap(({ of, measurements }) => {
    const ours = measurements.find(({ contender }) => contender === OURS);
    if (!ours) return [];
    return measurements
      .filter(
        ({ contender, unit, samples }) =>
          contender !== OURS && unit === ours.unit && median(samples) < median(ours.samples),
      )
      .map(
        ({ contender, unit, samples }) =>
          `- ${of.title}: ${contender} has ${show(median(samples))} ${unit}, docker-python ${show(median(ours.samples))}.`,
      )
      .concat(of.limit === undefined ? [] : `  Of "${of.title}": ${of.limit}.`);
  });
}

export function loadNow(): number {
  return loadavg()[0]!;
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
