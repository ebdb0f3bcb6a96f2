import { describe, expect, it } from "vitest";
import { Gate, type Ticket } from "#host/http/gate.ts";

async function isReady(ticket: Ticket): Promise<boolean> {
  return Promise.race([
    ticket.ready.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);
}

describe("Gate", () => {
  it("admits up to the total and then one for each that leaves, in order", async () => {
    const gate = new Gate(2, 2);
    const [a, b, c, d] = ["a", "b", "c", "d"].map((key) => gate.enter(key)) as [
      Ticket,
      Ticket,
      Ticket,
      Ticket,
    ];
    expect(await Promise.all([a, b, c, d].map(isReady))).toEqual([true, true, false, false]);
    a.release();
    expect(await Promise.all([c, d].map(isReady))).toEqual([true, false]);
    b.release();
    expect(await isReady(d)).toBe(true);
  });

  it("lets others pass one who has used up its own share", async () => {
    const gate = new Gate(3, 1);
    const greedy = [gate.enter("greedy"), gate.enter("greedy"), gate.enter("greedy")];
    const other = gate.enter("other");
    expect(await Promise.all(greedy.map(isReady))).toEqual([true, false, false]);
    expect(await isReady(other)).toBe(true);
    greedy[0]?.release();
    expect(await isReady(greedy[1] as Ticket)).toBe(true);
  });

  it("forgets a ticket released while it waits", async () => {
    const gate = new Gate(1, 1);
    const first = gate.enter("a");
    const waiting = gate.enter("b");
    const last = gate.enter("c");
    waiting.release();
    first.release();
    expect(await Promise.all([waiting, last].map(isReady))).toEqual([false, true]);
  });
});
