/**
 * The median: with three sources, with one that fails in any way, and with too few.
 *
 * @module
 */
import { createWorld, type HttpMock } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import oracle from "contract:median-oracle";

const urls = [
  "https://one.example/v1/price?symbol=BTC",
  "https://two.example/ticker/BTC",
  "https://three.example/api?of=BTC",
] as const;

const answers = [
  (price: unknown) => ({ price }),
  (last: unknown) => ({ data: [{ last }] }),
  (amount: unknown) => ({ result: { amount } }),
] as const;

/** An answer that gives this for a price wherever one of the sources has it. */
const everywhere = (price: unknown) => ({
  price,
  data: [{ last: price }],
  result: { amount: price },
});

async function open() {
  const world = await createWorld();
  const contract = await world.deploy(oracle, { caller: "owner", args: {} });
  return { world, contract, ann: contract.as("ann") };
}

describe("MedianOracle", () => {
  let { world, contract, ann } = {} as Awaited<ReturnType<typeof open>>;

  beforeEach(async () => {
    ({ world, contract, ann } = await open());
  });

  const mock = (source: 0 | 1 | 2): HttpMock => world.http.get(urls[source]);
  const quoted = (source: 0 | 1 | 2, price: unknown): HttpMock =>
    mock(source).reply(200, answers[source](price));

  it("takes the middle one of three, wherever it comes from", async () => {
    const orders = [
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
      [2, 2, 9],
    ] as const;
    for (const [one, two, three] of orders) {
      world.http.reset();
      quoted(0, one);
      quoted(1, two);
      quoted(2, three);
      const quote = { symbol: "BTC", price: 2_000_000n, sources: 3, at: world.time.now() };
      expect(await ann.query.price({ symbol: "BTC" })).toEqual(quote);
    }
  });

  it("asks all three at once", async () => {
    const held = ([0, 1, 2] as const).map((source) => quoted(source, 5).hold());
    const asking = ann.query.price({ symbol: "BTC" });
    for (const each of held) await each.requested();
    for (const each of held) each.release();
    expect(await asking).toMatchObject({ price: 5_000_000n, sources: 3 });
  });

  it.each<[string, (source: HttpMock) => HttpMock]>([
    ["does not answer", (source) => source.fail("connect")],
    ["cannot prove its name", (source) => source.fail("tls")],
    ["stalls", (source) => source.reply(200).delay({ seconds: 20 })],
    ["is broken", (source) => source.reply(500, "oops")],
    ["answers no JSON", (source) => source.reply(200, "<html>")],
    ["answers without a price", (source) => source.reply(200, { error: "unknown symbol" })],
    ["answers zero", (source) => source.reply(200, everywhere(0))],
    ["answers words", (source) => source.reply(200, everywhere("cheap"))],
    ["answers less than nothing", (source) => source.reply(200, everywhere(-3))],
    ["answers more than there is", (source) => source.reply(200, everywhere(1e300))],
    ["answers null", (source) => source.reply(200, everywhere(null))],
  ])("goes on with two when one %s, whichever it is", async (_, failing) => {
    for (const broken of [0, 1, 2] as const) {
      world.http.reset();
      const [low, high] = ([0, 1, 2] as const).filter((source) => source !== broken);
      quoted(low ?? 0, 10);
      quoted(high ?? 0, 11);
      failing(mock(broken));
      const quote = { price: 10_500_000n, sources: 2 };
      expect(await ann.query.price({ symbol: "BTC" })).toMatchObject(quote);
    }
  });

  it("gives no price that one source alone has decided, and keeps none", async () => {
    quoted(0, 10);
    mock(1).fail("timeout");
    mock(2).reply(503);
    await expect(ann.query.price({ symbol: "BTC" })).toFailWith("TooFewSources", { answered: 1 });
    const recording = () => contract.command.record({ symbol: "BTC" });
    await expect(recording()).toFailWith("TooFewSources", { answered: 1 });
    expect(await ann.query.recorded({ symbol: "BTC" })).toBeNull();
  });

  it("is not led away by one source that lies", async () => {
    quoted(0, 64_000);
    quoted(1, 64_100);
    for (const lie of [0.01, 1, 10_000_000]) {
      quoted(2, lie);
      const { price } = await ann.query.price({ symbol: "BTC" });
      expect(Number(price)).toBeGreaterThanOrEqual(64_000_000_000);
      expect(Number(price)).toBeLessThanOrEqual(64_100_000_000);
    }
  });

  it("records for the owner, one quote for everybody", async () => {
    for (const source of [0, 1, 2] as const) quoted(source, 7);
    await expect(ann.command.record({ symbol: "BTC" })).toFailWith("CALLER_REFUSED");
    const { value } = await contract.command.record({ symbol: "BTC" });
    expect(await ann.query.recorded({ symbol: "BTC" })).toEqual(value);
  });

  it("asks nobody about what is no symbol", async () => {
    for (const symbol of ["", "btc", "BTC&x=1", "../", "TWELVELETTERS"]) {
      await expect(ann.query.price({ symbol })).toFailWith("SymbolInvalid");
    }
    expect(world.http.requests).toEqual([]);
  });

  it("can ask its three sources and nobody else", async () => {
    const { grants } = await contract.describe();
    const origins = grants.map(({ origin }) => origin);
    expect(origins).toEqual([
      "https://one.example",
      "https://two.example",
      "https://three.example",
    ]);
  });
});
