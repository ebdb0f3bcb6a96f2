/**
 * One signature serves the receipts of several commands; each reply proves its own and no other.
 */
import { describe, expect, it } from "vitest";
import { receiptsStatement, receiptStatement } from "#crypto/statements.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { toHex } from "#protocol/bytes.ts";
import { RECEIPTS_MAX } from "#protocol/limits.ts";
import { fixture } from "#test/support/fixtures.ts";
import { Operator } from "#test/support/operator.ts";
import { call, RawClient, replyOf, sha256 } from "#test/support/raw-client.ts";
import { args } from "#test/support/values.ts";

describe("receipts of commands that are executed together", () => {
  it("are signed in groups, and each reply holds the hash of its own", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    const info = operator.info();
    const count = 4 + 8 + 3;
    const envelopes = Array.from({ length: count }, (_, i) =>
      ann.envelope("command", probe, call("add", args(i + 1))),
    );
    const entries: Uint8Array[] = [];
    for (const envelope of envelopes) {
      const decision = await operator.request(envelope);
      if (decision.kind !== "admitted") throw new Error(decision.kind);
      entries.push(decision.entry);
    }
    operator.append(...entries);

    const replies = envelopes.map((envelope) => {
      const sealed = operator.replies.get(toHex(sha256(envelope)));
      if (sealed === undefined) throw new Error("no reply");
      return replyOf(ann.read(envelope, { kind: "answered", reply: sealed }));
    });
    for (const [i, reply] of replies.entries()) {
      const { head, outcome, codeHash, receipts, signature } = reply;
      const requestId = sha256(envelopes[i] ?? new Uint8Array());
      const receipt = { requestId, contract: probe, codeHash, outcome, ...head };
      const hash = toHex(sha256(receiptStatement(nodePrimitives, info, receipt)));
      expect(receipts.filter((one) => toHex(one) === hash)).toHaveLength(1);
      const statement = receiptsStatement(receipts);
      expect(nodePrimitives.ed25519Verify(info.workerKey, statement, signature)).toBe(true);
      const fewer = receiptsStatement(receipts.slice(1));
      expect(nodePrimitives.ed25519Verify(info.workerKey, fewer, signature)).toBe(false);
    }
    const used = replies.map(({ receipts }) => receipts.filter((one) => one.some(Boolean)).length);
    // The first few do not wait for the rest of the batch.
    const groups = [4, 8, 3];
    expect(used).toEqual(groups.flatMap((size) => Array.from({ length: size }, () => size)));
    expect(new Set(replies.map(({ receipts }) => receipts.length))).toEqual(
      new Set([RECEIPTS_MAX]),
    );
    expect(new Set(replies.map(({ signature }) => toHex(signature))).size).toBe(groups.length);
  });

  it("are none in the reply to a query or a session", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    expect(replyOf(await ann.query(probe, "peek")).receipts).toEqual([]);
  });
});
