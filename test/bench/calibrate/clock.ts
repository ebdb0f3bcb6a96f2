/**
 * Nanoseconds per gas, held against a piece of code that defines how long a gas is on this machine.
 *
 * Machines differ, and may be shared. So every kernel is timed in turns with the reference, and the least
 * times of both are compared: what disturbs a run only ever adds to it.
 *
 * @module
 */
import { admitCore } from "#host/vm/admit.ts";
import { Instance, type EntryName } from "#host/vm/instance.ts";
import type { Kernel } from "#test/bench/calibrate/kernel.ts";

/**
 * Nanoseconds that one link of the reference takes on the machine that gas was fixed on: a multiplication
 * and an addition that wait for each other. What a gas is worth elsewhere follows from it.
 */
const REFERENCE_LINK_NS = 1.08;
const LINKS = 200_000;
/** Rounds at least, and milliseconds after which there are no more of them. */
const ROUNDS_MIN = 8;
const ROUNDS_MAX = 60;
const PATIENCE_MS = 400;
/** How exactly the system tells what time a thread got. */
const TICK_MS = 4;
/** Runs after which the code is compiled and the caches are as they stay. */
const WARM_UP = 3;

/** The reference: JavaScript, so that it is the same whatever tier WebAssembly is held in. */
function links(count: number): number {
  let x = count;
  for (let link = 0; link < count; link++) x = (Math.imul(x, 0x5bd1e995) + link) | 0;
  return x;
}

/** Milliseconds of the reference, which nothing may leave out. */
function timeReference(): number {
  const start = performance.now();
  if (links(LINKS) === 1) throw new Error("the reference came to one");
  return performance.now() - start;
}

export interface Cost {
  readonly milliseconds: number;
  readonly gas: number;
}

/** Something to time, and the same without what it is about. */
export interface Work {
  readonly full: () => Cost;
  readonly idle: () => Cost;
}

const GAS = Number.MAX_SAFE_INTEGER;
/** No run is cut into slices. */
const SLICES = { next: (): Promise<void> => Promise.resolve(), allocationGas: () => GAS };
const NO_ARGUMENTS = new Uint8Array(0);

/** Milliseconds that `run` took of this thread: by the clock, or less if others had the processor meanwhile. */
export function timed(run: () => void): number {
  const { user, system } = process.threadCpuUsage();
  const begin = performance.now();
  run();
  const elapsed = performance.now() - begin;
  const after = process.threadCpuUsage();
  const worked = (after.user - user + after.system - system) / 1_000;
  return Math.min(elapsed, worked + TICK_MS);
}

/** What a kernel's loop costs: what all of it costs, less what it costs without turns. */
export function kernelWork({ core, isFresh }: Kernel): Work {
  const admitted = admitCore(core);
  const start = (): Instance => {
    const instance = new Instance(admitted, () => () => 0, SLICES);
    instance.gas.left = GAS;
    instance.start();
    instance.invoke("init", "", NO_ARGUMENTS);
    return instance;
  };
  const kept = start();
  const run = (name: EntryName) => (): Cost => {
    const instance = isFresh ? start() : kept;
    instance.gas.left = GAS;
    const milliseconds = timed(() => void instance.invoke(name, "", NO_ARGUMENTS));
    return { milliseconds, gas: GAS - instance.gas.left };
  };
  return { full: run("command"), idle: run("query") };
}

/** Milliseconds of the reference at its fastest: the machine's own speed does not change. */
let fastestLinks = Number.POSITIVE_INFINITY;

/** How many times a gas's due of time one gas of the work took: over 1 it is priced too low. */
export function timePerGas(work: Work): number {
  for (let round = 0; round < WARM_UP; round++) {
    work.full();
    work.idle();
  }
  const full: Cost[] = [];
  const idle: Cost[] = [];
  const begin = performance.now();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (round >= ROUNDS_MIN && performance.now() - begin > PATIENCE_MS) break;
    fastestLinks = Math.min(fastestLinks, timeReference());
    full.push(work.full());
    idle.push(work.idle());
  }
  const gasNs = (fastestLinks * 1e6) / LINKS / REFERENCE_LINK_NS;
  const ns = (least(full) - least(idle)) * 1e6;
  const gas = (full[0]?.gas ?? 0) - (idle[0]?.gas ?? 0);
  return ns / gas / gasNs;
}

function least(costs: readonly Cost[]): number {
  return Math.min(...costs.map(({ milliseconds }) => milliseconds));
}
