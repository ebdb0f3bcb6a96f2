/**
 * ATTACKS A and B: what a hostile contract or operator makes of a command that is suspended.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { MODULE_METERED_BYTES_MAX, QUERY_GAS_MAX, SLICE_GAS } from "#protocol/limits.ts";
import { runCallAsync } from "#host/functions/call.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { admitCore } from "#host/vm/admit.ts";
import type { Operator } from "#test/support/operator.ts";
import { call, ending, type RawClient, type Result } from "#test/support/raw-client.ts";
import { admitContract, contractCore, environment, HEAP, RESULT } from "#test/support/contract.ts";
import { startWith } from "#test/support/started.ts";
import { args } from "#test/support/values.ts";
import { component, constant, i32, type Code } from "#test/support/wasm.ts";

/** Rounds that take some twenty slices. */
const LONG = 1_000_000;

const repeat = (count: number, code: Code): number[] =>
  Array.from({ length: count }, () => code).flat();

/** Counts to two million, which takes longer than a slice. */
const spin: Code = [
  ...[0x03, 0x40, 0x20, 4, ...constant(1), 0x6a, 0x22, 4],
  ...[...constant(2_000_000), 0x48, 0x0d, 0, 0x0b],
];

/** Code that grows to just under the cap where it traps, and over it where it is suspended. */
function swelling(): Uint8Array {
  const code = [0x03, 0x40, ...repeat(16_000, [0x20, 0, 0x0d, 0]), 0x0b];
  const functions = Array.from({ length: 24 }, () => ({ locals: [[1, i32]] as const, code }));
  return Uint8Array.from(
    contractCore({
      locals: [[1, i32]],
      command: [...spin, ...constant(RESULT)],
      functions,
    }),
  );
}

describe("a command that is suspended", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;

  beforeEach(async () => {
    ({ operator, ann, contract: probe } = await startWith("probe"));
  });

  const admitted = async (method: string, ...values: number[]) => {
    const envelope = ann.envelope("command", probe, call(method, args(...values)));
    const decision = await operator.request(envelope);
    if (decision.kind !== "admitted") throw new Error("no entry");
    const read = async (): Promise<Result> =>
      ann.read(envelope, { kind: "answered", reply: await operator.reply(decision.requestId) });
    return { ...decision, read };
  };

  it("runs code that grows over its cap only where it can be suspended", async () => {
    const contract = await ann.deployed(Uint8Array.from(component(swelling())));
    expect(ending(await ann.command(contract, ""))).toBe("returned");
    const resumable = admitCore(Uint8Array.from(swelling()), undefined, { isResumable: true });
    expect(resumable.codeBytes).toBeGreaterThan(MODULE_METERED_BYTES_MAX);
  }, 120_000);

  it("does not hold back the replies to what was executed before it", async () => {
    const [short, long] = [await admitted("add", 1), await admitted("grindInto", LONG)];
    operator.append(short.entry, long.entry);
    expect(operator.replies.has(toHex(long.requestId))).toBe(false);
    expect(operator.replies.has(toHex(short.requestId))).toBe(true);
    expect(ending(await long.read())).toBe("returned");
  });

  it("leaves a snapshot that the deltas after it go on from", async () => {
    const [short, long] = [await admitted("add", 1), await admitted("grindInto", LONG)];
    const { height: before } = operator;
    operator.append(short.entry, long.entry);
    const snapshot = operator.makeSnapshot();
    await long.read();
    const { digest } = operator.info();
    operator.disk.snapshot = { ...snapshot, height: before + 1 };
    expect(operator.disk.deltas.at(-1)).toMatchObject({ firstHeight: before + 2 });
    operator.restore();
    expect(toHex(operator.info().digest)).toBe(toHex(digest));
  });

  it.each([1, 2])(
    "is the last of %i that is told of once the enclave has stopped",
    async (count) => {
      const entries = [await admitted("add", 1), await admitted("grindInto", LONG)];
      if (count === 2) entries.push(await admitted("add", 2));
      operator.append(...entries.map(({ entry }) => entry));
      const answers = operator.send({ type: "execute", firstHeight: 1, entries: [] });
      expect(answers).toMatchObject([{ type: "refused" }]);
      const told = operator.frames.length;
      for (let turn = 0; turn < 2_000; turn++) {
        await new Promise((resolve) => void setImmediate(resolve));
      }
      expect(operator.frames.length).toBe(told);
      expect(operator.aborted).toBeUndefined();
    },
  );
});

describe("a query that makes the host allocate", () => {
  /** Takes a million gas for each place that the host asks for, and the last place for all. */
  const slow: Code = [
    ...[0x03, 0x40, 0x20, 0, ...constant(1), 0x6a, 0x22, 0],
    ...[...constant(200_000), 0x48, 0x0d, 0, 0x0b, ...constant(HEAP)],
  ];
  const scan = [0, 0, 0, 0, 1_000, 0, 64].flatMap((value) => constant(value));
  const query = [...scan, 0x10, 0, ...constant(RESULT)];
  const module = admitContract(
    { imports: ["state.scan"], query, realloc: slow },
    { isResumable: true },
  );

  async function scanned(keys: number): Promise<[end: string, slices: number]> {
    const value = Uint8Array.of(1);
    const state = new ContractState(
      Array.from({ length: keys }, (_, key) => [Uint8Array.of(key), value]),
    );
    let slices = 0;
    const next = async () => void slices++;
    const outcome = await runCallAsync(
      module,
      { method: "", args: new Uint8Array(0), gasLimit: QUERY_GAS_MAX },
      environment({
        mode: "query",
        state: new Overlay(state),
        pace: { sliceGas: SLICE_GAS, next },
      }),
    );
    return [outcome.end.kind === "fault" ? outcome.end.fault.code : outcome.end.kind, slices];
  }

  it("may do so for long only until it lets others run", async () => {
    const [few, slices] = await scanned(2);
    expect(few).toBe("returned");
    expect(slices).toBeGreaterThan(0);
    expect(await scanned(100)).toEqual(["OUT_OF_GAS", expect.any(Number)]);
  });
});
