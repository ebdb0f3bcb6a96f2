/**
 * Names of contracts: which file `contract:NAME` means.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findContract } from "#sdk/testing/vitest/find-contract.ts";

describe("findContract()", () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "contracts-"));
    const files = {
      "contracts/auction/auction.ts": "/** Sells. */\n@contract export class Auction {}",
      "contracts/oracle/index.ts":
        "@data\nexport class Price {}\n\n@contract\nexport class PriceOracle {}",
      "contracts/auction/rates.ts": "export const RATE = 1;",
      "contracts/auction/auction.test.ts": "// about @contract class Auction {}",
      "contracts/a/twin.ts": "@contract export class TwinA {}",
      "contracts/b/twin.ts": "@contract export class TwinB {}",
      "elsewhere/other.ts": "@contract export class Other {}",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });

  afterAll(() => rmSync(root, { recursive: true }));

  const find = (name: string, places = ["contracts"]) => findContract(name, root, places);

  it("finds a file by its name", () => {
    expect(find("auction")).toBe(join(root, "contracts/auction/auction.ts"));
  });

  it("finds a contract by its class in kebab case", () => {
    expect(find("price-oracle")).toBe(join(root, "contracts/oracle/index.ts"));
    expect(find("twin-b")).toBe(join(root, "contracts/b/twin.ts"));
  });

  it("searches several folders, files and globs", () => {
    const places = ["contracts/auction", "elsewhere/other.ts"];
    expect(find("other", places)).toBe(join(root, "elsewhere/other.ts"));
    expect(find("auction", places)).toBe(join(root, "contracts/auction/auction.ts"));
    expect(find("other", ["else*/*.ts"])).toBe(join(root, "elsewhere/other.ts"));
  });

  it("names what there is when there is no such contract", () => {
    expect(() => find("auktion")).toThrow(/contract:auktion.*there is twin, auction, twin, index/);
    expect(() => find("rates")).toThrow("HRM5006");
    expect(() => find("auction", ["nowhere"])).toThrow("there is none");
  });

  it("refuses a name that two contracts have", () => {
    expect(() => find("twin")).toThrow("HRM5007");
  });
});
