/**
 * Calls of scripted contracts, and the same contract twice: once in instances that serve again, once in new ones only.
 *
 * @module
 */
import fc from "fast-check";
import { Fault } from "#protocol/fault.ts";
import { runCall, runCallAsync, SliceOver, type CallRequest } from "#host/functions/call.ts";
import type { Pace } from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { HttpPower } from "#host/http/power.ts";
import { admitCore, type AdmittedModule, type AdmitOptions } from "#host/vm/admit.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { environment, MODES } from "#test/support/contract.ts";
import { ALLOCATIONS, HEIGHTS, SCRIPTS } from "#test/support/scripted-contract.ts";

/** More than a call uses that ends by itself. */
export const AMPLE = 1_000_000;

export interface Step {
  readonly mode: (typeof MODES)[number];
  readonly script: number;
  readonly args: number;
  readonly height: number;
  /** Part of the gas that there would be else. */
  readonly part: number;
  readonly sliceGas: number | undefined;
}

/** A step that waits for HTTP, and for its slices. */
export interface WaitingStep extends Step {
  readonly sliceGas: number;
  /** Turns of the event loop before it begins, and that each of its waits takes. */
  readonly delays: readonly number[];
  /** Which of its waits ends it. */
  readonly endsAt: number | undefined;
}

const mostly = (usual: number, most: number): fc.Arbitrary<number> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 3 }, { arbitrary: fc.nat(most), weight: 1 });

const step = fc.record<Step>({
  mode: fc.constantFrom(...MODES),
  script: fc.nat(SCRIPTS),
  args: mostly(0, ALLOCATIONS),
  height: mostly(HEIGHTS, HEIGHTS),
  part: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  sliceGas: fc.option(fc.integer({ min: 1, max: AMPLE }), { nil: undefined, freq: 4 }),
});
export const steps: fc.Arbitrary<Step[]> = fc.array(step, { maxLength: 20, size: "max" });

const waits = fc.record({
  delays: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
  endsAt: fc.option(fc.nat(5), { nil: undefined }),
  sliceGas: fc.integer({ min: 10_000, max: AMPLE }),
});
const waitingStep = fc.tuple(step, waits).map(([one, more]) => ({ ...one, ...more }));
export const waitingSteps: fc.Arbitrary<WaitingStep[]> = fc.array(waitingStep, {
  ...{ maxLength: 14, size: "max" },
});

/** A contract, and what its calls left in memory. */
export class Observed {
  readonly admitted: AdmittedModule;
  /** Digests, in the order in which calls ended. */
  readonly left: string[] = [];
  /** Instances that there have been. */
  made = 0;

  constructor(admitted: AdmittedModule) {
    this.admitted = admitted;
    const { memories } = admitted;
    const take = memories.take.bind(memories);
    const restore = memories.restore.bind(memories);
    const giveBack = memories.giveBack.bind(memories);
    memories.take = () => {
      this.made++;
      return take();
    };
    memories.restore = (memory) => {
      const left = digest(memory);
      const isRestored = restore(memory);
      if (isRestored) this.left.push(left);
      return isRestored;
    };
    memories.giveBack = (memory) => {
      this.left.push(digest(memory));
      giveBack(memory);
    };
  }
}

function digest({ buffer }: WebAssembly.Memory): string {
  return nodePrimitives.sha256(new Uint8Array(buffer)).toHex();
}

export interface Twins {
  readonly again: Observed;
  readonly fresh: Observed;
}

export function twins(core: Uint8Array, options: AdmitOptions = {}): Twins {
  const admit = (): AdmittedModule => admitCore(core, undefined, options);
  const fresh = new Observed({ ...admit(), isRestorable: false });
  return { again: new Observed(admit()), fresh };
}

export function requestOf({ script, args }: Step, gasLimit: number): CallRequest {
  return { method: "m".repeat(script), args: new Uint8Array(args).fill(7), gasLimit };
}

/** What a call came to: its outcome, or what it used until it was given up, and its writes. */
export interface Played {
  readonly outcome: CallOutcome | number;
  readonly writes: readonly unknown[];
}

/** Runs a call that is never suspended. */
export function play({ admitted }: Observed, one: Step, gas: number): Played {
  const { mode, sliceGas } = one;
  const pace = sliceGas === undefined ? {} : { pace: { sliceGas } };
  const world = environment({ mode, height: BigInt(one.height), ...pace });
  const outcome = outcomeOf(() => runCall(admitted, requestOf(one, gas), world));
  return { outcome, writes: world.state.writes() };
}

/** What a call comes to that may be given up. */
export function outcomeOf(run: () => CallOutcome): Played["outcome"] {
  try {
    return run();
  } catch (error) {
    if (error instanceof SliceOver) return error.gasUsed;
    throw error;
  }
}

/** How a step waits: for HTTP that denies all, and for its slices. */
export class Waits {
  readonly #step: WaitingStep;
  #count = 0;

  constructor(step: WaitingStep) {
    this.#step = step;
  }

  begin(): Promise<void> {
    return turns(this.#step.delays[0]);
  }

  get pace(): Pace {
    return { sliceGas: this.#step.sliceGas, next: () => this.#next() };
  }

  get http(): HttpPower {
    const fetch: Extract<HttpPower, { kind: "live" }>["fetch"] = async (requests) => {
      await this.#next();
      return requests.map(() => ({ error: "denied" }));
    };
    return { kind: "live", fetch };
  }

  async #next(): Promise<void> {
    const { delays, endsAt } = this.#step;
    const at = this.#count++;
    await turns(delays[at % delays.length]);
    if (at === endsAt) throw new Fault("CALL_TIMEOUT");
  }
}

/** What a step comes to alone and live, and replayed in the whole; without the latter if it is ended in a wait. */
export interface Alone {
  readonly live: Played;
  readonly whole: Played | undefined;
}

/** Runs steps one by one, each at once. */
export async function eachAlone(
  list: readonly WaitingStep[],
  live: (step: WaitingStep) => Promise<Played>,
  whole: (step: Step) => Played,
): Promise<Alone[]> {
  const played: Alone[] = [];
  for (const step of list) {
    const alone = await live({ ...step, delays: [0] });
    const isEnded = step.endsAt !== undefined;
    played.push({
      live: alone,
      whole: isEnded ? undefined : whole({ ...step, sliceGas: undefined }),
    });
  }
  return played;
}

/** Runs a call on a stack of its own, which others may overlap. */
export async function playAsync({ admitted }: Observed, one: WaitingStep): Promise<Played> {
  const { mode, height, part } = one;
  const waits = new Waits(one);
  const { http, pace } = waits;
  const world = environment({ mode, height: BigInt(height), http, pace });
  await waits.begin();
  const outcome = await runCallAsync(admitted, requestOf(one, Math.floor(AMPLE * part)), world);
  return { outcome, writes: world.state.writes() };
}

async function turns(count = 0): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

/** How a call ended, in one word. */
export function wayOf({ outcome }: Played): string {
  if (typeof outcome === "number") return "given up";
  return outcome.end.kind === "fault" ? outcome.end.fault.code : outcome.end.kind;
}

/** What a call came to for whoever makes it: not what its code ran for, which slices and whole code count apart. */
export function told({ outcome, writes }: Played): Played {
  return typeof outcome === "number"
    ? { outcome, writes }
    : { outcome: { ...outcome, gasRun: 0 }, writes };
}
