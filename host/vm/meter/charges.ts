/**
 * Decides where a function pays, and how much: the exact price of the instructions that run.
 *
 * At every point some amount is paid ahead, the least that any way to the end still costs. So a way only
 * pays where it turns out dearer than the cheapest: a loop once per iteration, an `if` in its dearer arm.
 * No charge is negative, and the charges on a cycle add up to its price, which is at least one gas: so a
 * loop without end runs out of gas. What every way through the function costs is left to its callers,
 * which pay it ahead together with what they cost themselves. Loops that count pay for all their iterations
 * before the first: a few small ones as part of the code around them, others as {@link CountedCharge}.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { countedLoops, type CountedLoop } from "#host/vm/meter/counted.ts";
import { ENTRY, EXIT, Flow, place, type Callees } from "#host/vm/meter/flow.ts";
import { Potentials } from "#host/vm/meter/potentials.ts";

/** What is paid ahead for one loop as part of the code around it, at most. */
const STATIC_GAS_MAX = 4_096;
/** What one iteration may cost for iterations to be paid ahead together. */
const ITERATION_GAS_MAX = 65_536;
/** Loops in each other that become part of the code around them. */
const STATIC_DEPTH_MAX = 3;
/** The instruction behind the `if` of a counted loop, from its `loop`. */
const ARM = 5;

/** A loop that pays before it runs. */
export interface CountedCharge {
  readonly loop: CountedLoop;
  /** Gas of one iteration. */
  readonly gas: number;
}

const noCallees: Callees = { entryGas: new Float64Array(0), spends: () => true };

export class Charges {
  /** Whether there is any charge; false for a function that its callers pay for. */
  any = false;
  /** Gas to charge before instruction `i`; valid up to the body's count, as the next two are. */
  amount: Float64Array = new Float64Array(0);
  /** Gas to charge if the `br_if` at an index branches. */
  taken: Float64Array = new Float64Array(0);
  /** Gas to charge if the `if` whose `end` is at an index does not hold, where it has no `else`. */
  missingElse: Float64Array = new Float64Array(0);
  /** Loops that pay before they run, by their opener. */
  readonly counted: Map<number, CountedCharge> = new Map();
  /** The flow of the body that was read last. */
  readonly flow: Flow = new Flow();
  readonly #potentials = new Potentials();
  #loops: CountedLoop[] = [];
  /** Gas of one iteration of the loops whose gas was added to the code before them. */
  readonly #static = new Map<CountedLoop, number>();
  #charges = 0;

  /** The gas that every way through `body` costs. The body must be well-typed. */
  read(body: Body, callees: Callees = noCallees): number {
    this.flow.read(body, callees);
    this.#potentials.settle(this.flow);
    this.#static.clear();
    this.#loops = this.flow.hasLoops ? this.#findCounted(body, callees) : [];
    for (let depth = 0; depth < STATIC_DEPTH_MAX && this.#addStatic(); depth++) {
      this.#potentials.settle(this.flow);
    }
    return this.#potentials.paid[ENTRY] ?? 0;
  }

  #findCounted(body: Body, { spends }: Callees): CountedLoop[] {
    const mustTrap = (opener: number): boolean => {
      const label = this.flow.labelOf(opener);
      return label !== EXIT && this.#potentials.mustTrap[label] === 1;
    };
    return countedLoops(body, { mustTrap, spends });
  }

  /** Places the charges of `body`, which was read last; `entry` of them are paid by its callers. */
  place(body: Body, entry: number): void {
    this.#clear(body);
    const { ways, from, to, cost, place: where, index } = this.flow;
    const { paid } = this.#potentials;
    this.#charge(place.before, 0, (paid[ENTRY] ?? 0) - entry);
    for (let way = 0; way < ways; way++) {
      const node = from[way] ?? 0;
      const left = (paid[node] ?? 0) - (cost[node] ?? 0);
      const gas = (paid[to[way] ?? 0] ?? 0) - left;
      // Less than nothing is due only on the way into a certain trap, which takes all gas anyway.
      if (gas > 0) this.#charge(where[way] ?? 0, index[way] ?? 0, gas);
    }
    if (this.#loops.length > 0) this.#count();
    this.any = this.#charges > 0;
  }

  /** Adds to the code before them what innermost loops cost that run a few times; says whether there were any. */
  #addStatic(): boolean {
    const { cost, from, into } = this.flow;
    let inside = -1;
    let added = false;
    for (const loop of this.#loops) {
      // A loop that is not part of the code around it yet keeps those around it from becoming so.
      const isInnermost = inside < loop.opener;
      if (this.#static.has(loop)) continue;
      inside = loop.opener;
      const arm = into[loop.opener + ARM - 1] ?? 0;
      const entered = into[loop.opener] ?? 0;
      if (!isInnermost || loop.trips === undefined || arm < 0 || entered < 0) continue;
      const gas = this.#due(arm);
      if (gas <= 0 || gas * loop.trips > STATIC_GAS_MAX) continue;
      const before = from[entered] ?? 0;
      cost[before] = (cost[before] ?? 0) + gas * loop.trips;
      this.#static.set(loop, gas);
      added = true;
    }
    return added;
  }

  /** What is due on a way. */
  #due(way: number): number {
    const { from, to, cost } = this.flow;
    const { paid } = this.#potentials;
    const node = from[way] ?? 0;
    return (paid[to[way] ?? 0] ?? 0) - (paid[node] ?? 0) + (cost[node] ?? 0);
  }

  /** Lets the loops that count pay before they run, and not in every iteration. */
  #count(): void {
    for (const loop of this.#loops) {
      const arm = loop.opener + ARM;
      const gas = this.amount[arm] ?? 0;
      const paidBefore = this.#static.get(loop);
      if (paidBefore !== undefined) {
        this.amount[arm] = gas - paidBefore;
        if (gas === paidBefore) this.#charges--;
      } else if (gas > 0 && gas <= ITERATION_GAS_MAX && this.#isOtherwiseFree(loop)) {
        this.amount[arm] = 0;
        this.counted.set(loop.opener, { loop, gas });
      }
    }
  }

  /** Whether nothing is charged where the condition is tried, or where it fails. */
  #isOtherwiseFree({ opener, end }: CountedLoop): boolean {
    return (
      this.amount[opener + 1] === 0 && this.amount[end] === 0 && this.missingElse[end - 1] === 0
    );
  }

  #clear(body: Body): void {
    const size = body.count + 1;
    this.#charges = 0;
    this.counted.clear();
    if (this.amount.length < size) {
      this.amount = new Float64Array(body.opcode.length + 1);
      this.taken = new Float64Array(body.opcode.length + 1);
      this.missingElse = new Float64Array(body.opcode.length + 1);
      return;
    }
    this.amount.fill(0, 0, size);
    this.taken.fill(0, 0, size);
    this.missingElse.fill(0, 0, size);
  }

  #charge(where: number, index: number, gas: number): void {
    if (gas === 0) return;
    if (where === place.before) {
      const before = this.amount[index] ?? 0;
      if (before === 0) this.#charges++;
      this.amount[index] = before + gas;
      return;
    }
    this.#charges++;
    if (where === place.taken) this.taken[index] = gas;
    else if (where === place.missingElse) this.missingElse[index] = gas;
    else throw new Error("gas is due where nothing can charge it");
  }
}
