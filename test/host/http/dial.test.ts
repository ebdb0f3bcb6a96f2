import { describe, expect, it } from "vitest";
import { dial, type After } from "#host/http/dial.ts";
import { Grants } from "#host/http/grants.ts";
import type { Tunnel, TunnelPower } from "#host/http/tunnel.ts";
import { parseTarget, type Target } from "#host/http/url.ts";
import { HTTP_NEXT_ADDRESS_MS } from "#protocol/limits.ts";

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

/** Time that stands still. */
const never: After = () => () => {};

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
  const outcome = await dial(power, target, new Grants(grants), never).outcome;
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

  it("tries four addresses and no more", async () => {
    const answers = ["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4", "8.8.8.5"];
    const dead = await attempt({ url: "https://a.b/", answers, alive: ["8.8.8.5"] });
    expect(dead.outcome).toBe("connect");
    expect(dead.connected).toEqual(answers.slice(0, 4).map((address) => `${address} 443`));
    const fourth = await attempt({ url: "https://a.b/", answers, alive: ["8.8.8.4"] });
    expect(fourth.outcome).toBeTypeOf("object");
  });

  it("takes turns between the families, the resolver's first one beginning", async () => {
    const [six, seven] = ["2606:4700::1", "2606:4700::2"];
    const url = "https://a.b/";
    const dead = (answers: readonly string[]) => attempt({ url, answers, alive: [] });
    expect((await dead([six, seven, "8.8.8.1", "8.8.8.2"])).connected).toEqual(
      [six, "8.8.8.1", seven, "8.8.8.2"].map((address) => `${address} 443`),
    );
    expect((await dead(["8.8.8.1", six, seven])).connected).toEqual(
      ["8.8.8.1", six, seven].map((address) => `${address} 443`),
    );
  });

  describe("with an address that is silent", () => {
    function race(answers: readonly string[]) {
      const tries: { address: string; open: (isOpen: boolean) => void; isGone: boolean }[] = [];
      const timers: (() => void)[] = [];
      const power: TunnelPower = {
        resolve: () => ({ untrustedAddresses: Promise.resolve(answers), cancel: () => {} }),
        connect(address) {
          const opened = Promise.withResolvers<boolean>();
          const one = { address, open: opened.resolve, isGone: false };
          tries.push(one);
          const destroy = (): void => {
            one.isGone = true;
            opened.resolve(false);
          };
          return { ...tunnel(true), opened: opened.promise, destroy };
        },
      };
      const later: After = (ms, run) => {
        expect(ms).toBe(HTTP_NEXT_ADDRESS_MS);
        timers.push(run);
        return () => void timers.splice(timers.indexOf(run), 1);
      };
      const target = parseTarget("https://a.b/") as Target;
      const dialing = dial(power, target, new Grants([]), later);
      return { dialing, tries, timers };
    }

    const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

    it("tries the next beside it after a moment, and keeps the first that answers", async () => {
      const { dialing, tries, timers } = race(["2606:4700::1", "8.8.8.8"]);
      await turn();
      expect(tries.map(({ address }) => address)).toEqual(["2606:4700::1"]);
      timers[0]?.();
      expect(tries.map(({ address }) => address)).toEqual(["2606:4700::1", "8.8.8.8"]);
      tries[1]?.open(true);
      expect(await dialing.outcome).toBeTypeOf("object");
      expect(tries.map(({ isGone }) => isGone)).toEqual([true, false]);
    });

    it("closes one that answers too late", async () => {
      const { dialing, tries, timers } = race(["2606:4700::1", "8.8.8.8"]);
      await turn();
      timers[0]?.();
      tries[0]?.open(true);
      await dialing.outcome;
      tries[1]?.open(true);
      await turn();
      expect(tries.map(({ isGone }) => isGone)).toEqual([false, true]);
    });

    it("gives up when all have", async () => {
      const { dialing, tries, timers } = race(["2606:4700::1", "8.8.8.8"]);
      await turn();
      timers[0]?.();
      tries[1]?.open(false);
      await turn();
      tries[0]?.open(false);
      expect(await dialing.outcome).toBe("connect");
    });

    it("closes all of them when it is cancelled", async () => {
      const { dialing, tries, timers } = race(["2606:4700::1", "8.8.8.8", "8.8.4.4"]);
      await turn();
      timers[0]?.();
      dialing.cancel();
      expect(await dialing.outcome).toBe("connect");
      expect(tries.map(({ isGone }) => isGone)).toEqual([true, true]);
      expect(timers).toHaveLength(0);
    });
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
        queueMicrotask(() => dialing.cancel());
        return { ...tunnel(true), opened: new Promise((done) => void setImmediate(done, false)) };
      },
    };
    const target = parseTarget("https://localhost/") as Target;
    const dialing = dial(power, target, new Grants(["localhost"]), never);
    expect(await dialing.outcome).toBe("connect");
    expect(connects).toBe(1);
  });
});
