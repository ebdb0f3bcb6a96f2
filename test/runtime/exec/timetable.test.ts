/**
 * The timetable against a model: a list that is sorted by height and order of planning.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCHEDULED_PER_CONTRACT_MAX } from "#protocol/limits.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import {
  addPlan,
  isAnythingPlanned,
  isIdle,
  plansOf,
  removeBook,
  removePlans,
  takeDue,
} from "#exec/timetable.ts";

const addresses = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill));
const GAS = 100;

type Step =
  | {
      readonly kind: "plan";
      readonly who: number;
      readonly ahead: number;
      readonly every: number;
      readonly gas: number;
    }
  | { readonly kind: "cancel"; readonly which: number }
  | { readonly kind: "forget"; readonly who: number }
  | { readonly kind: "pass"; readonly takes: number; readonly gas: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("plan" as const),
    who: fc.nat(2),
    ahead: fc.integer({ min: 1, max: 6 }),
    every: fc.nat(4),
    gas: fc.integer({ min: 0, max: GAS }),
  }),
  fc.record({ kind: fc.constant("cancel" as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant("forget" as const), who: fc.nat(2) }),
  fc.record({
    kind: fc.constant("pass" as const),
    takes: fc.integer({ min: 1, max: 3 }),
    gas: fc.constantFrom(0, 50, GAS),
  }),
);

interface Model {
  readonly who: number;
  readonly id: number;
  readonly height: number;
  readonly every: number;
  readonly gas: number;
  readonly order: number;
}

class Bench {
  readonly state = new ContractState();
  height = 10;
  order = 0;
  model: Model[] = [];

  /** Runs a change of the state, as one height's writes. */
  change<T>(run: (system: Overlay) => T): T {
    const system = new Overlay(this.state);
    const value = run(system);
    this.state.apply(system.writes());
    return value;
  }

  run(one: Step): void {
    if (one.kind === "plan") this.#plan(one);
    else if (one.kind === "cancel") this.#cancel(one.which);
    else if (one.kind === "forget") this.#forget(one.who);
    else this.#pass(one.takes, one.gas);
    this.#compare();
  }

  #plan({ who, ahead, every, gas }: Extract<Step, { kind: "plan" }>): void {
    const address = addresses[who] as Uint8Array;
    const height = this.height + ahead;
    const plan = { height, every, method: "m", args: new Uint8Array(0), gasLimit: gas };
    const isFull =
      this.model.filter((each) => each.who === who).length >= SCHEDULED_PER_CONTRACT_MAX;
    if (isFull) {
      expect(() => this.change((system) => addPlan(system, address, plan))).toThrow(
        "SCHEDULE_LIMIT",
      );
      return;
    }
    const id = this.change((system) => addPlan(system, address, plan));
    this.model.push({ who, id, height, every, gas, order: this.order++ });
  }

  #cancel(which: number): void {
    const meant = this.model[which];
    const [who, id] = [meant?.who ?? 0, meant?.id ?? 1_000_000];
    const address = addresses[who] as Uint8Array;
    const count = this.change((system) => removePlans(system, address, (plan) => plan.id === id));
    expect(count).toBe(meant === undefined ? 0 : 1);
    this.model = this.model.filter((each) => each !== meant);
  }

  #forget(who: number): void {
    this.change((system) => removeBook(system, addresses[who] as Uint8Array));
    this.model = this.model.filter((each) => each.who !== who);
  }

  #pass(takes: number, gas: number): void {
    this.height++;
    for (let i = 0; i < takes; i++) {
      if (isIdle(this.state, this.height)) {
        expect(this.model.filter(({ height }) => height <= this.height)).toEqual([]);
        return;
      }
      const due = this.change((system) => takeDue(system, this.height, gas));
      const [first] = this.model
        .filter(({ height }) => height <= this.height)
        .sort((a, b) => a.height - b.height || a.order - b.order);
      const expected = first === undefined || first.gas > gas ? undefined : first;
      const told = due && { address: due.address, id: due.plan.id };
      expect(told).toEqual(expected && { address: addresses[expected.who], id: expected.id });
      if (expected === undefined) continue;
      this.model = this.model.filter((each) => each !== expected);
      if (expected.every === 0) continue;
      const height = this.height + expected.every;
      this.model.push({ ...expected, height, order: this.order++ });
    }
  }

  #compare(): void {
    for (const [who, address] of addresses.entries()) {
      const own = this.model
        .filter((each) => each.who === who)
        .map(({ id, height }) => ({ id, height }));
      const plans = plansOf(this.state, address).map(({ id, height }) => ({ id, height }));
      expect(plans.toSorted((a, b) => a.id - b.id)).toEqual(own.toSorted((a, b) => a.id - b.id));
    }
    expect(isAnythingPlanned(this.state)).toBe(this.model.length > 0);
  }
}

describe("the timetable", () => {
  it("property: takes every call once, in the order of heights and of planning, and keeps nothing else", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = new Bench();
        for (const one of steps) bench.run(one);
        for (const [who] of addresses.entries()) bench.run({ kind: "forget", who });
        bench.run({ kind: "pass", takes: 1, gas: GAS });
        // Nothing is left but, at most, where taking stopped.
        expect(bench.state.size).toBeLessThan(2);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a contract that plans and takes back", () => {
  it("does not keep the calls of others from their height", () => {
    const bench = new Bench();
    const plan = { height: 20, every: 0, method: "m", args: new Uint8Array(0), gasLimit: 1 };
    const [greedy = new Uint8Array(32), modest = new Uint8Array(32)] = addresses;
    bench.change((system) => {
      let kept = addPlan(system, greedy, plan);
      for (let count = 0; count < 1_000; count++) {
        const next = addPlan(system, greedy, plan);
        removePlans(system, greedy, ({ id }) => id === kept);
        kept = next;
      }
      addPlan(system, modest, plan);
    });
    const taken = [1, 2].map(() => bench.change((system) => takeDue(system, 20, GAS))?.address);
    expect(taken).toEqual([greedy, modest]);
    expect(isIdle(bench.state, 20)).toBe(true);
  });
});
