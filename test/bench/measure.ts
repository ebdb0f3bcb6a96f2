/**
 * Timing loops. Times on a shared machine wander, so what counts are ratios within one run.
 *
 * @module
 */
import { setTimeout } from "node:timers/promises";

/** The value below which a share of the sorted samples lies. @param share - From 0 to 1. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[index] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** Microseconds of each of `count` runs, after a tenth as many that do not count. */
export function timeEach(count: number, run: () => void): number[] {
  for (let i = 0; i < count / 10; i++) run();
  const samples: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    run();
    samples.push((performance.now() - start) * 1000);
  }
  return samples;
}

/** Milliseconds that one asynchronous run takes. */
export async function timeOnce(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * Lets each contender run once a round, another one first every time, so that noise meets all of them.
 *
 * @param contenders - Each runs once and gives what it took.
 * @returns The samples of each contender, round by round.
 */
export function interleave(contenders: readonly (() => number)[], rounds: number): number[][] {
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round) % contenders.length;
      samples[index]?.push(contenders[index]?.() ?? Number.NaN);
    }
  }
  return samples;
}

/** Over so many times its fastest tenth, a sample was interrupted: by another process, a collection, a compilation. */
const CALM = 1.5;

/**
 * The median, over the rounds in which neither was interrupted, of what one contender took divided by what
 * another took in the same round.
 */
export function medianRatio(samples: readonly number[], baseline: readonly number[]): number {
  const limit = CALM * percentile(samples, 0.1);
  const baseLimit = CALM * percentile(baseline, 0.1);
  const ratios = samples.flatMap((sample, round) => {
    const base = baseline[round] ?? Number.NaN;
    return sample <= limit && base <= baseLimit ? [sample / base] : [];
  });
  return median(ratios);
}

/** What one contender takes more than another in the fastest tenth of the rounds: the rest is others' load. */
export function leastDifference(samples: readonly number[], baseline: readonly number[]): number {
  return percentile(samples, 0.1) - percentile(baseline, 0.1);
}

/** Microseconds that one run takes. */
export function timeRun(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) * 1000;
}

/**
 * Runs until the engine has optimized what runs often: it compiles in the background and by how much ran.
 *
 * @param milliseconds - How long to run at least.
 */
export async function warmUp(run: () => unknown, milliseconds: number): Promise<void> {
  const start = performance.now();
  for (let runs = 0; runs < 4 || performance.now() - start < milliseconds; runs++) {
    run();
    if (runs % 4 === 3) await setTimeout(2);
  }
  await setTimeout(10);
}
