/**
 * How long this process has worked: unlike time on a clock, it does not grow while others have the processor.
 *
 * @module
 */

/** @returns Tells how many milliseconds of the processor were used since, by all threads of the process. */
export function processorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
