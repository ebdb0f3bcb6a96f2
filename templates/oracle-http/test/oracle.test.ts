import oracle from "contract:oracle";
import { createWorld } from "hermetic/testing";
import { describe, expect, it } from "vitest";

const url = "https://prices.example/v1/gold";

async function setUp() {
  const world = await createWorld();
  const contract = await world.deploy(oracle, { args: { url }, secrets: { API_KEY: "s3cret" } });
  return { world, contract };
}

describe("Oracle", () => {
  it("asks with its key, and keeps what it was told", async () => {
    const { world, contract } = await setUp();
    const mock = world.http.get(url).reply(200, { price: 1.25 });
    const { value } = await contract.command.record();
    expect(value.value).toBe(1_250_000n);
    expect(await contract.query.recorded()).toEqual(value);
    expect(mock.requests[0]?.headers["x-api-key"]).toBe("s3cret");
  });

  it("says so when the service does not answer", async () => {
    const { world, contract } = await setUp();
    world.http.get(url).reply(503);
    await expect(contract.query.price()).toFailWith("PriceUnavailable", { status: 503 });
  });
});
