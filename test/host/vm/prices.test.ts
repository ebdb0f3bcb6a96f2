/**
 * The price list: nothing a contract can do is without a price, and nothing with a price is without a kernel
 * that holds it against time (`npm run bench -- calibrate`).
 */
import { describe, expect, it } from "vitest";
import { hostFunctionKeys } from "#host/functions/table.ts";
import { prices } from "#host/functions/prices.ts";
import { admitCore } from "#host/vm/admit.ts";
import { immediate, immediates, op } from "#host/vm/decode/opcodes.ts";
import { instructionGas } from "#host/vm/meter/prices.ts";
import { corpus } from "#test/bench/calibrate/corpus.ts";
import { kernelWork } from "#test/bench/calibrate/clock.ts";
import { hostKernels, hostWork, instances, untimed } from "#test/bench/calibrate/host.ts";

/** Instructions that leave nothing in compiled code, or end it. */
const free: readonly number[] = [op.unreachable, op.nop, op.block, op.loop, op.else, op.end];
const oneByte = Array.from({ length: 256 }, (_, code) => code).filter(
  (code) => immediates[code] !== immediate.refused && code !== op.prefix,
);
const opcodes = [...oneByte, ...Array.from({ length: 15 }, (_, code) => (op.prefix << 8) | code)];

describe("the price of instructions", () => {
  it("is a positive integer for each one that does something", () => {
    expect(opcodes.length).toBeGreaterThan(170);
    for (const code of opcodes) {
      const gas = instructionGas(code);
      expect(Number.isSafeInteger(gas), `0x${code.toString(16)}`).toBe(true);
      if (free.includes(code)) expect(gas).toBe(0);
      else expect(gas, `0x${code.toString(16)}`).toBeGreaterThan(0);
    }
  });

  it("is held against time for each one of them", () => {
    const timed = new Set(corpus.flatMap((kernel) => kernel.opcodes));
    const missing = opcodes.filter((code) => !free.includes(code) && !timed.has(code));
    expect(missing.map((code) => code.toString(16))).toEqual([]);
  });

  it.each(corpus)("is paid in the kernel: $name", (kernel) => {
    expect(admitCore(kernel.core).codeBytes).toBeGreaterThan(0);
    const { full, idle } = kernelWork(kernel);
    expect(full().gas).toBeGreaterThan(idle().gas);
  });
});

describe("the price of host functions", () => {
  it("is two integers for each one", () => {
    expect(Object.keys(prices).toSorted()).toEqual(hostFunctionKeys.toSorted());
    for (const [key, { fixed, perByte }] of Object.entries(prices)) {
      expect(Number.isSafeInteger(fixed) && fixed > 0, key).toBe(true);
      expect(Number.isSafeInteger(perByte) && perByte >= 0, key).toBe(true);
    }
  });

  it("is held against time for each one that returns to the contract", () => {
    const timed = new Set(hostKernels.map(({ key }) => key));
    const missing = hostFunctionKeys.filter((key) => !timed.has(key) && !untimed.includes(key));
    expect(missing).toEqual([]);
  });

  it.each(hostKernels)("is paid in the kernel: $name", (kernel) => {
    const { full, idle } = hostWork(kernel);
    expect(full().gas).toBeGreaterThan(idle().gas);
  });

  it.each(instances)("is paid for %s", (_, work) => {
    expect(work().full().gas).toBeGreaterThan(40_000);
  });
});
