/**
 * Goal: a command executes at most once, where its sender meant it, whatever the operator does with
 * the bytes. Method: real envelopes and entries, sent again in every way there is.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { Operator } from "#test/support/operator.ts";
import { call, ending, RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { startWith } from "#test/support/started.ts";
import { args, told } from "#test/support/values.ts";

describe("Enclave, given the same bytes again", () => {
  let operator: Operator;
  let ann: RawClient;
  let probe: Uint8Array;
  let add: Uint8Array;

  beforeEach(async () => {
    ({ operator, ann, contract: probe } = await startWith("probe"));
    add = ann.envelope("command", probe, call("add", args(5)));
  });

  const total = async (): Promise<unknown> => told(await ann.query(probe, "peek"));

  it("refuses a command that it has executed", async () => {
    await ann.submit(add);
    expect(ending(await ann.submit(add))).toBe("SESSION_REPLAYED");
    expect(await total()).toBe(5);
  });

  it("refuses it after a restart, and after a restart from a snapshot", async () => {
    await ann.submit(add);
    operator.start();
    expect(ending(await ann.submit(add))).toBe("SESSION_REPLAYED");
    operator.takeSnapshot();
    operator.start();
    expect(ending(await ann.submit(add))).toBe("SESSION_REPLAYED");
    operator.start({ rebuild: true });
    expect(ending(await ann.submit(add))).toBe("SESSION_REPLAYED");
    expect(await total()).toBe(5);
  });

  it("admits the same bytes twice before they execute, and executes them once", async () => {
    const first = await operator.request(add);
    const second = await operator.request(add);
    if (first.kind !== "admitted" || second.kind !== "admitted") throw new Error("not admitted");
    operator.append(first.entry, second.entry);
    expect(await total()).toBe(5);
    expect([...operator.replies.keys()].filter((id) => id === toHex(first.requestId))).toHaveLength(
      1,
    );
  });

  it("executes an entry once that stands in the log twice", async () => {
    const decision = await operator.request(add);
    if (decision.kind !== "admitted") throw new Error("not admitted");
    operator.append(decision.entry, decision.entry);
    operator.append(decision.entry);
    expect(await total()).toBe(5);
    operator.start({ rebuild: true });
    expect(await total()).toBe(5);
  });

  it("executes admitted entries in whatever order the log gives them", async () => {
    const entries: Uint8Array[] = [];
    for (const amount of [1, 2, 4]) {
      const envelope = ann.envelope("command", probe, call("addAtMost", args(amount, 5)));
      const decision = await operator.request(envelope);
      if (decision.kind === "admitted") entries.push(decision.entry);
    }
    operator.append(...entries.toReversed());
    // 4, then 2 on top fails, then 1.
    expect(await total()).toBe(5);
  });

  it("does not miss an entry that the operator dropped, nor refuse it later", async () => {
    const dropped = await operator.request(add);
    await ann.command(probe, "add", args(1));
    expect(await total()).toBe(1);
    if (dropped.kind === "admitted") operator.append(dropped.entry);
    expect(await total()).toBe(6);
  });

  it("takes sequence numbers out of order, each one once, within the window", async () => {
    const send = (sequence: number): Promise<string> => {
      const header = { sequence };
      return ann
        .submit(ann.envelope("command", probe, call("add", args(1)), { header }))
        .then(ending);
    };
    expect(await send(300)).toBe("returned");
    expect(await send(45)).toBe("returned");
    expect(await send(45)).toBe("SESSION_REPLAYED");
    expect(await send(44)).toBe("SESSION_SEQUENCE_OLD");
    expect(await send(0)).toBe("SESSION_SEQUENCE_OLD");
    expect(await send(299)).toBe("returned");
    expect(await total()).toBe(3);
  });

  it.each(["query", "session"] as const)("refuses a command made into a %s", async (kind) => {
    const turned = add.slice();
    turned[1] = kind === "query" ? 2 : 1;
    const refused = kind === "query" ? "ENVELOPE_UNOPENED" : "ENVELOPE_UNOPENED";
    expect(ending(await ann.submit(turned))).toBe(refused);
  });

  it("refuses a query made into a command", async () => {
    const query = ann.envelope("query", probe, call("peek"), { header: { sequence: 77 } });
    query[1] = 3;
    expect(ending(await ann.submit(query))).toBe("ENVELOPE_UNOPENED");
  });

  it("refuses a command sent on to another contract", async () => {
    const deployed = await ann.deployed(await fixture("probe"), {
      method: "open",
      salt: Uint8Array.of(1),
    });
    const turned = add.slice();
    turned.set(deployed, 62);
    expect(ending(await ann.submit(turned))).toBe("ENVELOPE_UNOPENED");
    expect(told(await ann.query(deployed, "peek"))).toBe(0);
  });

  it("refuses a command sent on to another session, sequence, epoch or cluster", async () => {
    const bob = await RawClient.open(operator, 2);
    const turn = (change: (bytes: Uint8Array) => void): Uint8Array => {
      const turned = add.slice();
      change(turned);
      return turned;
    };
    const ends = [
      turn((bytes) => bytes.set(bob.id, 38)),
      turn((bytes) => bytes.set([9], 61)),
      turn((bytes) => bytes.set([2], 37)),
      turn((bytes) => bytes.set([bytes[2] === 0 ? 1 : 0], 2)),
      turn((bytes) => bytes.set([0xff], 38)),
    ].map(async (envelope) => ending(await ann.submit(envelope)));
    expect(await Promise.all(ends)).toEqual([
      "ENVELOPE_UNOPENED",
      "ENVELOPE_UNOPENED",
      "ENVELOPE_EPOCH",
      "ENVELOPE_CLUSTER",
      "SESSION_UNKNOWN",
    ]);
  });

  it("refuses a query repeated at the same enclave", async () => {
    const query = ann.envelope("query", probe, call("peek"));
    expect(ending(await ann.submit(query))).toBe("returned");
    expect(ending(await ann.submit(query))).toBe("SESSION_REPLAYED");
  });

  it("gives a reply that opens for its own request only", async () => {
    const decision = await operator.submit(add);
    const other = ann.envelope("command", probe, call("add", args(5)));
    expect(() => ann.read(other, decision)).toThrow("not for this request");
  });

  it("never executes a command that was told it failed before it entered the log", async () => {
    // The contract's address is known before it exists: same deployer, code, salt and arguments.
    const salt = Uint8Array.of(2);
    const elsewhere = new Operator({ disk: operator.copyDisk() }).start();
    const twin = await RawClient.open(elsewhere, 1);
    const address = await twin.deployed(await fixture("probe"), { method: "open", salt });
    const early = ann.envelope("command", address, call("add", args(5)));
    expect(ending(await ann.submit(early))).toBe("CONTRACT_UNKNOWN");
    await ann.deployed(await fixture("probe"), { method: "open", salt });
    expect(ending(await ann.submit(early))).toBe("SESSION_REPLAYED");
    expect(told(await ann.query(address, "peek"))).toBe(0);
  });
});
