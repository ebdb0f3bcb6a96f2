import { describe, expect, it } from "vitest";
import { dial } from "#host/http/dial.ts";
import { Grants } from "#host/http/grants.ts";
import type { Tunnel, TunnelPower } from "#host/http/tunnel.ts";
import { parseTarget, type Target } from "#host/http/url.ts";

/** A tunnel that opens or not; nothing else of it is used here. */
function tunnel(opens: boolean): Tunnel {
  return {
    opened: Promise.resolve(opens),
    listen: () => {},
    write: () => Promise.resolve(false),
    consumed: () => {},
    end: () => {},
    destroy: () => {},
  };
}

interface Attempt {
  readonly outcome: unknown;
  readonly asked: readonly string[];
  readonly connected: readonly string[];
}

interface Script {
  readonly url: string;
  readonly answers?: readonly string[] | undefined;
  readonly grants?: readonly string[];
  /** Addresses that accept connections; all when absent. */
  readonly alive?: readonly string[];
}

async function attempt({ url, answers, grants = [], alive }: Script): Promise<Attempt> {
  const asked: string[] = [];
  const connected: string[] = [];
  const power: TunnelPower = {
    resolve(host) {
      asked.push(host);
      return { untrustedAddresses: Promise.resolve(answers), cancel: () => {} };
    },
    connect(address, port) {
      connected.push(`${address} ${port}`);
      return tunnel(alive?.includes(address) ?? true);
    },
  };
  const target = parseTarget(url) as Target;
  const outcome = await dial(power, target, new Grants(grants), () => {}).outcome;
  return { outcome, asked, connected };
}

describe("dial()", () => {
  it("connects to the very address it checked", async () => {
    const { outcome, asked, connected } = await attempt({
      url: "https://a.b/",
      answers: ["8.8.8.8"],
    });
    expect(outcome).toBeTypeOf("object");
    expect([asked, connected]).toEqual([["a.b"], ["8.8.8.8 443"]]);
  });

  it("asks nobody about a literal address", async () => {
    const { asked, connected } = await attempt({ url: "https://8.8.8.8/" });
    expect([asked, connected]).toEqual([[], ["8.8.8.8 443"]]);
  });

  it.each([
    ["public then private", ["8.8.8.8", "127.0.0.1"]],
    ["private then public", ["127.0.0.1", "8.8.8.8"]],
    ["mapped loopback", ["::ffff:127.0.0.1"]],
    ["NAT64 loopback", ["64:ff9b::7f00:1"]],
    ["metadata", ["169.254.169.254"]],
    ["a zone id", ["8.8.8.8", "fe80::1%eth0"]],
    ["no address at all", ["8.8.8.8", "localhost"]],
    ["an address in disguise", ["2130706433"]],
  ])("refuses a set with %s and connects to none of it", async (_name, answers) => {
    const { outcome, connected } = await attempt({ url: "https://a.b/", answers });
    expect([outcome, connected]).toEqual(["denied", []]);
  });

  it("reports a name without addresses", async () => {
    expect((await attempt({ url: "https://a.b/", answers: [] })).outcome).toBe("dns");
    expect((await attempt({ url: "https://a.b/", answers: undefined })).outcome).toBe("dns");
  });

  it("tries three addresses and no more", async () => {
    const answers = ["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4"];
    const dead = await attempt({ url: "https://a.b/", answers, alive: ["8.8.8.4"] });
    expect(dead.outcome).toBe("connect");
    expect(dead.connected).toEqual(["8.8.8.1 443", "8.8.8.2 443", "8.8.8.3 443"]);
    const third = await attempt({ url: "https://a.b/", answers, alive: ["8.8.8.3"] });
    expect(third.outcome).toBeTypeOf("object");
  });

  it("knows localhost itself and uses what is granted of it", async () => {
    const url = "https://localhost:8443/";
    const asked = ["should not be asked"];
    expect(await attempt({ url, answers: asked, grants: ["127.0.0.1"] })).toMatchObject({
      asked: [],
      connected: ["127.0.0.1 8443"],
    });
    expect(await attempt({ url, answers: asked, grants: ["10.0.0.0/8"] })).toMatchObject({
      outcome: "denied",
      connected: [],
    });
  });

  it("stops trying once cancelled", async () => {
    let connects = 0;
    const power: TunnelPower = {
      resolve: () => ({ untrustedAddresses: Promise.resolve(undefined), cancel: () => {} }),
      connect: () => {
        connects++;
        return tunnel(false);
      },
    };
    const target = parseTarget("https://localhost/") as Target;
    const dialing = dial(power, target, new Grants(["localhost"]), () => dialing.cancel());
    expect(await dialing.outcome).toBe("connect");
    expect(connects).toBe(1);
  });
});
