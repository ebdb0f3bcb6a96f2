/**
 * Timing loops. Times on a shared machine wander, so what counts are ratios within one run.
 *
 * @module
 */

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
