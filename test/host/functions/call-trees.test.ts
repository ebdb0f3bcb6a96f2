/**
 * Goal: whatever contracts call each other, state, events, results and refusals are those of a model that
 * copies everything before each call. Method: random trees of scripted calls.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { utf8 } from "#protocol/bytes.ts";
import { pack, unpack } from "#protocol/codec.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import { CALL_DEPTH_MAX, CALLS_MAX, EVENTS_MAX } from "#protocol/limits.ts";
import { admit, type AdmittedModule } from "#host/vm/admit.ts";
import { build } from "#sdk/transform/index.ts";
import { Town } from "#test/support/town.ts";

const ACTORS = [1, 2, 3];
const GAS = 500_000_000;

type Step =
  | { readonly do: "set" | "emit" | "fail" | "panic"; readonly value: number }
  | {
      readonly do: "call";
      readonly to: number;
      readonly isTried: boolean;
      readonly isReentrant: boolean;
      readonly steps: readonly Step[];
    };

const simple = ["set", "emit", "fail", "panic"] as const;

function encode(steps: readonly Step[]): number[] {
  return steps.flatMap((step) => {
    if (step.do !== "call") return [simple.indexOf(step.do), step.value];
    const inner = encode(step.steps);
    const operation = 4 + (step.isTried ? 2 : 0) + (step.isReentrant ? 1 : 0);
    return [operation, step.to, inner.length & 0xff, inner.length >> 8, ...inner];
  });
}

interface Actor {
  total: bigint;
  readonly cells: Map<number, bigint>;
}

/** What the world of the model holds; copied before each call, and put back when the call fails. */
interface World {
  readonly actors: ReadonlyMap<number, Actor>;
  readonly events: readonly (readonly [contract: number, value: number])[];
}

/** A call's failure: an error of its own, or a fault. */
class Failure extends Error {
  readonly value: bigint | FaultCode;

  constructor(value: bigint | FaultCode) {
    super(String(value));
    this.value = value;
  }
}

class Model {
  world: World = {
    actors: new Map(ACTORS.map((name) => [name, { total: 0n, cells: new Map<number, bigint>() }])),
    events: [],
  };
  #calls = 0;

  /** Plays the script of one call. @param stack - Who is under way, this call included. */
  play(steps: readonly Step[], stack: readonly number[]): bigint {
    const name = stack.at(-1) ?? 0;
    const self = (): Actor => this.world.actors.get(name) ?? { total: 0n, cells: new Map() };
    for (const step of steps) {
      if (step.do === "call") {
        const got = this.#perform(step, stack);
        self().total += got;
      } else if (step.do === "set") {
        self().cells.set(step.value, self().total + 1n);
        self().total += self().total + 1n;
      } else if (step.do === "emit") {
        this.world = { ...this.world, events: [...this.world.events, [name, step.value]] };
      } else {
        throw new Failure(step.do === "fail" ? BigInt(step.value) : "PANIC");
      }
    }
    return self().total;
  }

  #perform(step: Extract<Step, { do: "call" }>, stack: readonly number[]): bigint {
    try {
      return this.#call(step, stack);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!step.isTried) throw new Failure("PANIC");
      if (typeof error.value === "bigint") return error.value;
      return 1_000n + BigInt(faults[error.value].number);
    }
  }

  #call(step: Extract<Step, { do: "call" }>, stack: readonly number[]): bigint {
    if (stack.length >= CALL_DEPTH_MAX) throw new Failure("CALL_DEPTH");
    if (this.#calls >= CALLS_MAX) throw new Failure("CALLS_LIMIT");
    this.#calls++;
    if (!ACTORS.includes(step.to)) throw new Failure("CONTRACT_UNKNOWN");
    if (stack.includes(step.to) && !step.isReentrant) throw new Failure("CALL_REENTRANT");
    const before = copyOf(this.world);
    try {
      return this.play(step.steps, [...stack, step.to]);
    } catch (error) {
      this.world = before;
      throw error;
    }
  }
}

function copyOf({ actors, events }: World): World {
  const copies = [...actors].map(([name, { total, cells }]) => {
    return [name, { total, cells: new Map(cells) }] as const;
  });
  return { actors: new Map(copies), events };
}

const { steps: scripts } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 5, depthIdentifier: "calls" }),
  step: fc.oneof(
    { depthIdentifier: "calls", depthSize: "large", maxDepth: 10 },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constantFrom("set", "set", "set", "emit", "fail", "panic"),
        value: fc.nat(9),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("call"),
        to: fc.constantFrom(...ACTORS, ...ACTORS, 9),
        isTried: fc.boolean(),
        isReentrant: fc.boolean(),
        steps: tie("steps"),
      }),
    },
  ) as fc.Arbitrary<Step>,
}));

describe("trees of calls", () => {
  let module: AdmittedModule;

  beforeAll(async () => {
    const { contracts } = await build({ entry: "test/sdk/testing/fixtures/contracts/actor.ts" });
    module = admit(contracts[0]?.wasm ?? new Uint8Array(0));
  });

  it("property: leave what a model leaves that copies everything before each call", () => {
    const seen = new Set<string>();
    const property = fc.property(scripts, (steps) => {
      const model = new Model();
      let expected: unknown;
      try {
        expected = model.play(steps, [1]);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expected = error.value;
      }
      fc.pre(model.world.events.length <= EVENTS_MAX / 2);
      const town = new Town();
      for (const name of ACTORS) town.settle(name, module);
      const args = pack([Uint8Array.from(encode(steps))]);
      const { end, gasUsed, events } = town.run(1, { method: "play", args, gas: GAS });
      expect(gasUsed).toBeLessThan(GAS);
      seen.add(end.kind === "fault" ? end.fault.code : end.kind);
      if (end.kind === "returned") {
        expect(BigInt(unpack(end.value) as number | bigint)).toBe(expected);
        const told = events.map(({ contract, fields }) => [
          contract?.[0] ?? 1,
          (unpack(fields) as number[])[0],
        ]);
        expect(told).toEqual(model.world.events);
        for (const [name, { total, cells }] of model.world.actors) {
          expect(numberOf(town, name, ...utf8("total")) ?? 0n).toBe(total);
          for (let cell = 0; cell < 10; cell++) {
            const stored = numberOf(town, name, ...utf8("cells"), 0, cell);
            expect(stored).toBe(cells.get(cell));
          }
        }
      } else if (end.kind === "failed") {
        expect(BigInt((unpack(end.fields) as number[])[0] ?? -1)).toBe(expected);
      } else {
        expect(end.fault.code).toBe(expected);
      }
    });
    fc.assert(property, { numRuns: 400 });
    expect(seen).toEqual(new Set(["returned", "failed", "PANIC"]));
  }, 60_000);
});

/** The number that a contract has stored under a key. */
function numberOf(town: Town, name: number, ...key: readonly number[]): bigint | undefined {
  const stored = town.states.get(name)?.get(Uint8Array.from(key));
  return stored === undefined ? undefined : BigInt(unpack(stored) as number | bigint);
}
