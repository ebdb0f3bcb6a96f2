/**
 * The oracle: what it asks, what it keeps, and who learns its API key.
 *
 * @module
 */
import { createWorld } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import oracle from "contract:price-oracle";

const SOURCE_URL = "https://prices.example/v1?symbol=";
const KEY = "key-4f2b9c17";

async function open(apiKey: string) {
  const world = await createWorld();
  const contract = await world.deploy(oracle, {
    caller: "owner",
    args: { sourceUrl: SOURCE_URL },
    secrets: { API_KEY: apiKey },
  });
  return { world, contract, ann: contract.as("ann") };
}

describe("PriceOracle", () => {
  let { world, contract, ann } = {} as Awaited<ReturnType<typeof open>>;

  beforeEach(async () => {
    ({ world, contract, ann } = await open(KEY));
  });

  it("asks the service with its key, for anybody", async () => {
    const mock = world.http.get(`${SOURCE_URL}BTC`).reply(200, { price: 64_012.5 });
    expect(await ann.query.price({ symbol: "BTC" })).toEqual({
      symbol: "BTC",
      price: 64_012_500_000n,
      at: world.time.now(),
    });
    expect(mock.requests[0]?.headers).toEqual({ "x-api-key": KEY });
  });

  it("keeps nothing that is only asked for", async () => {
    world.http.get(`${SOURCE_URL}BTC`).reply(200, { price: 1 });
    await expect(() => ann.query.price({ symbol: "BTC" })).toChangeNothing();
    expect(await ann.query.recorded({ symbol: "BTC" })).toBeNull();
  });

  it("keeps what the owner records, although the price moves on", async () => {
    world.http.get(`${SOURCE_URL}ETH`).reply(200, { price: 3 }).times(1);
    const { value } = await contract.command.record({ symbol: "ETH" });
    expect(value.price).toBe(3_000_000n);
    world.time.advance({ hours: 1 });
    expect(await ann.query.recorded({ symbol: "ETH" })).toEqual(value);
  });

  it("records for the owner alone", async () => {
    await expect(() => ann.command.record({ symbol: "ETH" })).toChangeNothing();
    await expect(ann.command.record({ symbol: "ETH" })).toFailWith("CALLER_REFUSED");
    await expect(ann.command.setSource({ sourceUrl: "" })).toFailWith("CALLER_REFUSED");
  });

  it("asks nobody about what is no symbol", async () => {
    for (const symbol of ["", "BTC&x=1", "A/B", "TWELVELETTERS", "ÄB"]) {
      await expect(ann.query.price({ symbol })).toFailWith("SymbolInvalid");
    }
    expect(world.http.requests).toEqual([]);
  });

  it("tells why there is no price", async () => {
    const mock = () => world.http.get(`${SOURCE_URL}BTC`).times(1);
    mock().reply(429);
    await expect(ann.query.price({ symbol: "BTC" })).toFailWith("PriceUnavailable", {
      status: 429,
    });
    mock().reply(200, { unit: "USD" });
    await expect(ann.query.price({ symbol: "BTC" })).toFailWith("PriceUnavailable", {
      reason: "no-price",
    });
    mock().fail("tls");
    await expect(ann.query.price({ symbol: "BTC" })).toFailWith("PriceUnavailable", {
      status: 0,
      reason: "tls",
    });
    mock().reply(200).delay({ seconds: 20 });
    await expect(ann.query.price({ symbol: "BTC" })).toFailWith("PriceUnavailable", {
      reason: "timeout",
    });
  });

  it("asks the service that its code names, and no other", async () => {
    for (const sourceUrl of ["https://elsewhere.example/?", "https://prices.example:8443/?"]) {
      await contract.command.setSource({ sourceUrl });
      await expect(ann.query.price({ symbol: "BTC" })).toFailWith("PriceUnavailable", {
        reason: "denied",
      });
    }
    expect(world.http.requests).toEqual([]);
    const { grants } = await contract.describe();
    expect(grants).toMatchObject([
      { origin: "https://prices.example", methods: ["GET", "HEAD"], headers: ["x-api-key"] },
    ]);
  });

  it("asks no more often than its code says", async () => {
    world.http.get(`${SOURCE_URL}BTC`).reply(200, { price: 1 });
    for (let asked = 0; asked < 60; asked++) await ann.query.price({ symbol: "BTC" });
    const next = () => ann.query.price({ symbol: "BTC" });
    await expect(next()).toFailWith("PriceUnavailable", { reason: "denied" });
    world.time.advance({ seconds: 1 });
    await next();
  });

  it("says so when it has no key", async () => {
    const bare = await world.deploy(oracle, { args: { sourceUrl: SOURCE_URL } });
    await expect(bare.query.price({ symbol: "BTC" })).toFailWith("KeyMissing");
  });

  it("asks anew when the source has changed while it waited", async () => {
    const slow = world.http.get(`${SOURCE_URL}BTC`).reply(200, { price: 2 }).hold();
    const recording = contract.command.record({ symbol: "BTC" });
    await slow.requested();
    const sourceUrl = "https://prices.example/v2?symbol=";
    await contract.command.setSource({ sourceUrl });
    world.http.get(`${sourceUrl}BTC`).reply(200, { price: 7 });
    slow.release();
    expect((await recording).value).toMatchObject({ price: 7_000_000n });
    expect(await ann.query.recorded({ symbol: "BTC" })).toMatchObject({ price: 7_000_000n });
  });

  it("answers queries while a record waits for the service", async () => {
    const slow = world.http.get(`${SOURCE_URL}BTC`).reply(200, { price: 2 }).hold();
    const recording = contract.command.record({ symbol: "BTC" });
    await slow.requested();
    expect(await ann.query.recorded({ symbol: "BTC" })).toBeNull();
    slow.release();
    await recording;
    expect(await ann.query.recorded({ symbol: "BTC" })).toMatchObject({ price: 2_000_000n });
  });
});

describe("the operator of an oracle", () => {
  async function run(apiKey: string, symbol: string) {
    const { world, contract, ann } = await open(apiKey);
    world.http.get(`${SOURCE_URL}${symbol}`).reply(200, { price: 64_012.5 });
    await ann.query.price({ symbol });
    await contract.command.record({ symbol });
    return world.operatorView();
  }

  it("sees neither the key nor what is asked", async () => {
    const view = await run(KEY, "DOGECOIN");
    expect(view.find(KEY)).toBeUndefined();
    expect(view.find("DOGECOIN")).toBeUndefined();
    expect(view.find("64012.5")).toBeUndefined();
    expect(view.contains("prices.example")).toBe(true);
  });

  it("sees the same whatever the key and the question are", async () => {
    const [one, other] = [await run(KEY, "DOGECOIN"), await run("key-00000000", "LITECOIN")];
    expect(one.shape()).toEqual(other.shape());
  });
});
