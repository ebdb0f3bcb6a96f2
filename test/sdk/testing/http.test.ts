/**
 * `world.http`: what is mocked is answered, what is not fails the test.
 *
 * @module
 */
import { createWorld, type HttpMocks, type World } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { HTTP_RESPONSE_BODY_BYTES_MAX } from "#protocol/limits.ts";
import workshop from "contract:workshop";

const URL = "https://notes.example/1";

async function open(options = {}) {
  const world = await createWorld(options);
  return { world, contract: await world.deploy(workshop, { args: { total: 0n } }) };
}

describe("world.http", () => {
  let world: World;
  let http: HttpMocks;
  let contract: Awaited<ReturnType<typeof open>>["contract"];

  beforeEach(async () => {
    ({ world, contract } = await open());
    ({ http } = world);
  });

  const ask = (url = URL) => contract.query.ask({ url });

  describe("reply()", () => {
    it("answers text, bytes and JSON", async () => {
      http.get(`${URL}/text`).reply(200, "text");
      http.get(`${URL}/bytes`).reply(200, Uint8Array.of(0x62, 0x79));
      http.get(`${URL}/json`).reply(200, { a: [1, null] });
      expect(await ask(`${URL}/text`)).toBe("text");
      expect(await ask(`${URL}/bytes`)).toBe("by");
      expect(await ask(`${URL}/json`)).toBe('{"a":[1,null]}');
    });

    it("matches host names in any case, and patterns", async () => {
      http.get("https://NOTES.example/1").reply(200, "exact");
      http.get(/\/pattern\?/).reply(200, "pattern");
      expect(await ask()).toBe("exact");
      expect(await ask("https://notes.example/pattern?x=1")).toBe("pattern");
    });

    it("tells methods apart", async () => {
      http.get(URL).reply(200, "got");
      http.post(URL).reply(201);
      expect(await ask()).toBe("got");
      expect((await contract.command.post({ url: URL, body: "" })).value).toBe(201);
    });

    it("refuses what no server could answer", () => {
      for (const status of [99, 199, 1000]) {
        expect(() => http.get(URL).reply(status)).toThrow("HRM5005");
      }
      expect(() => http.get(URL).reply(200.5)).toThrow("HRM5005");
      expect(() => http.get(URL).reply(200, "", { a: "x".repeat(9_000) })).toThrow("HRM5005");
      expect(() => http.get(URL).fail("tired" as "dns")).toThrow("HRM5005");
      http.reset();
    });

    it("is cut off as on a worker when it is too large", async () => {
      http.get(URL).reply(200, new Uint8Array(HTTP_RESPONSE_BODY_BYTES_MAX + 1));
      expect(await ask()).toBe("too-large");
    });
  });

  it("replyWith() sees the request", async () => {
    http.post(URL).replyWith((request) => {
      const { n } = request.json() as { n: number };
      return { status: n, headers: { "X-Seen": request.method } };
    });
    expect((await contract.command.post({ url: URL, body: '{"n":207}' })).value).toBe(207);
    expect(http.requests.map(({ method, url, body }) => [method, url, body.length])).toEqual([
      ["POST", URL, 9],
    ]);
  });

  it("fail() gives the contract an error", async () => {
    for (const error of ["dns", "connect", "tls", "timeout", "protocol"] as const) {
      http.get(URL).fail(error);
      expect(await ask()).toBe(error);
    }
  });

  it("uses mocks with times() up in order, then the newest without", async () => {
    http.get(URL).reply(200, "old");
    http.get(URL).reply(200, "first").times(1);
    http.get(URL).reply(200, "second").times(2);
    http.get(URL).reply(200, "newest");
    const answers = [await ask(), await ask(), await ask(), await ask(), await ask()];
    expect(answers).toEqual(["first", "second", "second", "newest", "newest"]);
  });

  it("delay() moves the clock, and a slow answer is a timeout", async () => {
    const start = world.time.now();
    http.get(URL).reply(200, "in time").delay({ seconds: 4 });
    expect(await ask()).toBe("in time");
    http.get(URL).reply(200, "too late").delay({ seconds: 60 });
    expect(await ask()).toBe("timeout");
    expect(world.time.now()).toBe(start + 9n);
  });

  it("a contract's own time limit is kept, is no header, and is what a command is replayed with", async () => {
    const start = world.time.now();
    const mock = http.get(URL).reply(200, "slow").delay({ seconds: 3 });
    const within = async (limit: number) =>
      (await contract.command.fetchWithin({ url: URL, limit })).value;
    expect(await within(4_000)).toBe("slow");
    expect(await within(2_000)).toBe("timeout");
    expect(world.time.now()).toBe(start + 5n);
    expect(mock.requests.map(({ headers }) => headers)).toEqual([{}, {}]);
    const before = world.states();
    world.restart({ rebuild: true });
    expect(world.states()).toEqual(before);
  });

  it("hold() lets other calls overtake", async () => {
    const mock = http.get(URL).reply(200, "late").hold();
    const first = contract.command.fetchNote({ url: URL });
    await mock.requested();
    await contract.command.add({ amount: 1n });
    mock.release();
    expect((await first).value).toBe("late");
    expect(await contract.query.sum()).toBe(1n);
  });

  it("fails a call that was waiting when the worker crashed", async () => {
    const mock = http.get(URL).reply(200, "late").hold();
    const waiting = contract.command.fetchNote({ url: URL });
    const outcome = expect(waiting).rejects.toMatchObject({ code: "HRM5009" });
    await mock.requested();
    world.restart();
    await outcome;
    mock.release();
    expect(await contract.query.sum()).toBe(0n);
  });

  it("records a command's answer once, for every later replay", async () => {
    const mock = http.get(URL).reply(200, "once").times(1);
    await contract.command.fetchNote({ url: URL });
    world.restart({ rebuild: true });
    expect(mock.requests.length).toBe(1);
  });

  describe("a request that is not mocked", () => {
    it("fails the query with method and URL, and so does the test", async () => {
      await expect(ask()).rejects.toThrow(/not mocked: GET https:\/\/notes\.example\/1.*HRM5001/);
      expect(() => world.verify()).toThrow("HRM5001");
      world.verify();
    });

    it("fails the command, which leaves no trace", async () => {
      const { height } = world;
      const before = world.states();
      await expect(contract.command.fetchNote({ url: URL })).rejects.toThrow("HRM5001");
      expect(world.states()).toEqual(before);
      expect(world.height).toBe(height);
      expect(() => world.verify()).toThrow("HRM5001");
    });

    it("satisfies no matcher", async () => {
      await expect(expect(ask()).toFailWith("HRM5001")).rejects.toThrow("not mocked");
      http.reset();
    });
  });

  describe("a mock that is not used", () => {
    it("fails verify(), unless it is optional", () => {
      http.get(URL).reply(200).optional();
      world.verify();
      http.get("https://notes.example/2").reply(200);
      expect(() => world.verify()).toThrow(/GET https:\/\/notes\.example\/2.*HRM5002/);
      http.reset();
    });

    it("counts times", async () => {
      http.get(URL).reply(200, "").times(2);
      await ask();
      expect(() => world.verify()).toThrow("(1 of 2 times)");
      await ask();
      world.verify();
    });
  });

  it("names a mock without an answer", async () => {
    http.get(URL);
    await expect(ask()).rejects.toThrow("HRM5004");
  });

  it("keeps the worker's rules about where contracts may go", async () => {
    expect(await ask("http://notes.example/1")).toBe("denied");
    expect(await ask("https://notes.example:8443/1")).toBe("denied");
    expect(await ask("https://127.0.0.1/1")).toBe("denied");
    expect(() => http.get("http://notes.example/1")).toThrow("HRM5003");
    expect(() => http.get("https://notes.example:8443/1")).toThrow("HRM5003");
  });

  it("takes grants into account", async () => {
    const granted = await open({ egressGrants: ["127.0.0.0/8:8443"] });
    granted.world.http.get("https://127.0.0.1:8443/1").reply(200, "local");
    expect(await granted.contract.query.ask({ url: "https://127.0.0.1:8443/1" })).toBe("local");
  });
});
