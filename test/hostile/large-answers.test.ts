/**
 * Many commands with the largest answers there are, in one batch of the log, for next to no gas.
 *
 * Goal: what the enclave reports of a batch never grows past a frame, which would end the worker for everybody.
 */
import { expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { FRAME_BYTES_MAX, RESULT_BYTES_MAX } from "#protocol/limits.ts";
import { contractCore, returning } from "#test/support/contract.ts";
import { Operator } from "#test/support/operator.ts";
import { call, RawClient, replyOf, sha256 } from "#test/support/raw-client.ts";
import { component } from "#test/support/wasm.ts";

const COMMANDS = 40;
const PAGES = 17;

it("40 commands that return a mebibyte each give frames under the limit and all replies, also when replayed", async () => {
  const operator = new Operator().start();
  const ann = await RawClient.open(operator);
  // Memory that nobody has written to is returned: no code runs that could be told to wait its turn.
  const core = contractCore({ memory: [0, PAGES], command: returning(0, RESULT_BYTES_MAX) });
  const contract = await ann.deployed(component(core));
  const envelopes = Array.from({ length: COMMANDS }, () =>
    ann.envelope("command", contract, call("any")),
  );
  const entries: Uint8Array[] = [];
  for (const envelope of envelopes) {
    const decision = await operator.request(envelope);
    if (decision.kind !== "admitted") throw new Error(decision.kind);
    entries.push(decision.entry);
  }
  const largestFrame = (): number => Math.max(...operator.frames.map(({ length }) => length));
  operator.append(...entries);
  await operator.executed();
  expect(largestFrame()).toBeLessThan(FRAME_BYTES_MAX);
  // A crash took the deltas: all is executed anew, and nobody's turn comes in between.
  operator.replies.clear();
  operator.start({ rebuild: true });
  expect(largestFrame()).toBeLessThan(FRAME_BYTES_MAX);
  for (const envelope of envelopes) {
    const reply = operator.replies.get(toHex(sha256(envelope)));
    if (reply === undefined) throw new Error("a command has no reply");
    const { outcome } = replyOf(ann.read(envelope, { kind: "answered", reply }));
    expect(outcome).toHaveProperty("value.length", RESULT_BYTES_MAX);
  }
});

it("results of one bucket are reported in the same lots: where a report ends tells no length", async () => {
  const lots = async (length: number): Promise<number[]> => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator);
    const core = contractCore({ memory: [0, PAGES], command: returning(0, length) });
    const contract = await ann.deployed(component(core));
    for (let i = 0; i < 12; i++) await ann.command(contract, "any");
    operator.disk.deltas = [];
    const before = operator.frames.length;
    operator.start({ rebuild: true });
    return operator.frames.slice(before).map((frame) => frame.length);
  };
  expect(await lots(200_000)).toEqual(await lots(230_000));
});
