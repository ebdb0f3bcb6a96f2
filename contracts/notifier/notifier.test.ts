/**
 * One order, one effect at the service, through lost answers and bad hours; and nothing for anybody else.
 *
 * @module
 */
import { createWorld, type MockRequest } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import notifier from "contract:notifier";

const HOOK = "https://hooks.example/orders";
const KEY = "hook-key-71d0aa";

async function open(secrets: Record<string, string> = { HOOK_KEY: KEY }) {
  const world = await createWorld();
  const contract = await world.deploy(notifier, { caller: "owner", args: {}, secrets });
  return { world, contract, ann: contract.as("ann") };
}

/** A service that keeps idempotency keys, as services do: what it did, and what it then says. */
function service() {
  const done = new Map<string, unknown>();
  const act = (request: MockRequest) => {
    const key = request.headers["idempotency-key"] ?? "";
    if (!done.has(key)) done.set(key, request.json());
    return { status: 200 };
  };
  return { done, act };
}

describe("Notifier", () => {
  let { world, contract, ann } = {} as Awaited<ReturnType<typeof open>>;

  beforeEach(async () => {
    ({ world, contract, ann } = await open());
  });

  it("tells the service what was ordered, with its key and a key of the order", async () => {
    const mock = world.http.post(HOOK).reply(200);
    const { value } = await ann.command.place({ item: "blue paint", count: 3 });
    expect(value).toMatchObject({ id: 1n, isDelivered: true, answer: "200" });
    const [request] = mock.requests;
    expect(request?.json()).toEqual({ id: 1, item: "blue paint", count: 3 });
    expect(request?.headers).toEqual({
      authorization: `Bearer ${KEY}`,
      "content-type": "application/json",
      "idempotency-key": expect.stringMatching(/^[0-9a-f]{64}-1$/),
    });
  });

  it("has it done once, although the first answer is lost", async () => {
    const { done, act } = service();
    let sent = 0;
    const mock = world.http.post(HOOK).replyWith((request) => {
      act(request);
      return { status: ++sent < 3 ? 504 : 200 };
    });
    const { value } = await ann.command.place({ item: "nails", count: 100 });
    expect(value.isDelivered).toBe(true);
    expect(mock.requests).toHaveLength(3);
    expect([...done.values()]).toEqual([{ id: 1, item: "nails", count: 100 }]);
  });

  it("keeps an order that the service cannot be told of, and tells it later, as the same", async () => {
    const { done, act } = service();
    world.http.post(HOOK).fail("connect").times(3);
    const { value } = await ann.command.place({ item: "nails", count: 1 });
    expect(value).toMatchObject({ isDelivered: false, answer: "connect" });
    world.http.post(HOOK).replyWith(act);
    expect((await contract.as("anybody").command.deliver({ id: 1n })).value).toBe(true);
    expect((await ann.command.deliver({ id: 1n })).value).toBe(true);
    expect(done.size).toBe(1);
    expect(await ann.query.order({ id: 1n })).toMatchObject({ isDelivered: true });
    expect(world.http.requests).toHaveLength(4);
  });

  it("does not ask again where that would not help", async () => {
    const mock = world.http.post(HOOK).reply(401);
    const { value } = await ann.command.place({ item: "nails", count: 1 });
    expect(value).toMatchObject({ isDelivered: false, answer: "401" });
    expect(mock.requests).toHaveLength(1);
  });

  it("gives each order and each contract a key of its own", async () => {
    const mock = world.http.post(HOOK).reply(200);
    const other = await world.deploy(notifier, { args: {}, secrets: { HOOK_KEY: KEY } });
    await ann.command.place({ item: "nails", count: 1 });
    await ann.command.place({ item: "nails", count: 1 });
    await other.command.place({ item: "nails", count: 1 });
    const keys = mock.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(3);
  });

  it("lets nobody write into the request", async () => {
    for (const item of ["", 'x","count":9,"y":"', "x\r\ny: z", "ä", "x".repeat(65)]) {
      await expect(ann.command.place({ item, count: 1 })).toFailWith("ItemInvalid");
    }
    expect(world.http.requests).toEqual([]);
  });

  it("shows an order to its buyer and the owner alone", async () => {
    world.http.post(HOOK).reply(200);
    await ann.command.place({ item: "nails", count: 1 });
    expect(await contract.query.order({ id: 1n })).toMatchObject({ item: "nails" });
    await expect(contract.as("bob").query.order({ id: 1n })).toFailWith("NotYours");
  });

  it("says so when it has no key, and places nothing", async () => {
    const bare = await open({});
    await expect(bare.ann.command.place({ item: "nails", count: 1 })).toFailWith("KeyMissing");
  });

  it("tells the operator nothing but that it speaks to the service", async () => {
    world.http.post(HOOK).reply(200);
    await ann.command.place({ item: "sympathy flowers", count: 12_345_678 });
    const view = world.operatorView();
    for (const secret of [KEY, "sympathy flowers", 12_345_678, "/orders", "idempotency-key"]) {
      expect(view.find(secret)).toBeUndefined();
    }
    expect(view.contains("hooks.example")).toBe(true);
  });
});
