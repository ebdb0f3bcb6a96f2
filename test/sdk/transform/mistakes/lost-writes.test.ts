/**
 * Changes of copies that are certainly lost are refused, those that may be meant are not.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { around, mistakes, refuses, type Case } from "#test/sdk/transform/mistakes/mistakes.ts";

const contract = (body: string): string => `
  @data export class Bid { constructor(public amount: u64, public tags: string[]) {} bump(): void {} }
  ${around(`bids!: Mapping<u32, Bid>; list!: List<Bid>; rows!: Mapping<u32, u64[]>; best: Bid = new Bid(0, []);
  private keep(bid: Bid): void {}
  @command c(): u64 { ${body} return 1; }`)}`;

const lost: readonly (readonly [body: string, marked: string])[] = [
  ["this.bids.get(1).amount = 5;", "this.bids.get(1).amount"],
  ["this.bids.get(1).amount **= 5;", "this.bids.get(1).amount"],
  ["this.list[1].amount++;", "this.list[1].amount"],
  ['this.list[1].tags[0] = "x";', "this.list[1].tags[0]"],
  ['(this.bids.find(1)!).tags.push("x");', "(this.bids.find(1)!).tags"],
  ["this.rows.get(1).push(4);", "this.rows.get(1).push"],
  ["this.rows.get(1)[0] = 4;", "this.rows.get(1)[0]"],
  ["const b = this.bids.get(1); b.amount = 5;", "b.amount"],
  ["const b = this.bids.find(1); if (b !== null) b.amount += 1;", "b.amount"],
  ["const b = this.bids.get(1); if (b.amount > 3) b.amount = 3;", "b.amount = 3"],
  ["for (const b of this.list) b.amount = 0;", "b.amount"],
  ["for (const e of this.bids.entries().items) e.value.amount = 0;", "e.value"],
];
refuses(lost.map(([body, marked]): Case => ["HRM3207", body, contract(body), marked]));

describe("a change of a copy", () => {
  it.each([
    "const b = this.bids.get(1); b.amount = 5; this.bids.set(1, b);",
    "const b = this.bids.get(1); b.amount = 5; this.keep(b);",
    "const b = this.bids.get(1); b.amount += 5; return b.amount;",
    "const b = this.bids.get(1); b.amount = 5; b.bump();",
    "const b = this.bids.get(1); b.amount = 5; this.best = b;",
    "let b = this.bids.get(1); b.amount = 5; b = this.best; b.amount = 6;",
    "const all = this.rows.get(1); all.sort(); for (const one of all) this.best.amount += one;",
    "this.list[0] = new Bid(1, []); this.list.push(new Bid(2, []));",
    "const b = this.best; b.amount = 7; this.best.tags.push('x');",
    "for (let i = 0; i < this.list.length; i++) { const b = this.list[i]; b.amount = 1; this.list[i] = b; }",
  ])("is left alone where it may be meant: %s", async (body) => {
    expect(await mistakes(contract(body))).toEqual([]);
  });
});
