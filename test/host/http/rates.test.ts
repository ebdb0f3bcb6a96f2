import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rates } from "#host/http/rates.ts";
import { grantOf } from "#test/support/http-caller.ts";

describe("Rates", () => {
  const grant = grantOf("https://a.b", { perMinute: 3 });

  it("lets as many pass at once as in a minute, and then one for each that time makes room for", () => {
    let ms = 0;
    const rates = new Rates(() => ms);
    const take = (): boolean => rates.take("00", grant);
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    ms += 19_999;
    expect(take()).toBe(false);
    ms += 1;
    expect([take(), take()]).toEqual([true, false]);
    ms += 600_000;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  });

  it("counts for each contract and grant alone", () => {
    const rates = new Rates(() => 0);
    for (let i = 0; i < 3; i++) rates.take("00", grant);
    expect(rates.take("00", grant)).toBe(false);
    expect(rates.take("01", grant)).toBe(true);
    expect(rates.take("00", { ...grant, origin: "https://c.d" })).toBe(true);
    expect(rates.take("00", { ...grant, perMinute: 0 })).toBe(false);
  });

  it("takes no clock that runs back for time gone by", () => {
    let ms = 1_000_000;
    const rates = new Rates(() => ms);
    for (let i = 0; i < 3; i++) rates.take("00", grant);
    ms = 0;
    expect(rates.take("00", grant)).toBe(false);
    ms = 1_000;
    expect(rates.take("00", grant)).toBe(false);
  });

  it("property: never more in any stretch of time than at once and the stretch allow", () => {
    const steps = fc.array(fc.nat(30_000), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), steps, (perMinute, waits) => {
        let ms = 0;
        const rates = new Rates(() => ms);
        let passed = 0;
        for (const wait of waits) {
          ms += wait;
          if (rates.take("00", { ...grant, perMinute })) passed++;
        }
        expect(passed).toBeLessThanOrEqual(perMinute + (ms / 60_000) * perMinute + 1e-6);
      }),
    );
  });

  it("forgets contracts that have not asked for a while", () => {
    let ms = 0;
    const rates = new Rates(() => ms);
    for (let contract = 0; contract < 5_000; contract++) {
      ms += 60_000;
      expect(rates.take(`${contract}`, grant)).toBe(true);
    }
  });
});
