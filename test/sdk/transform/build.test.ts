/**
 * What a build gives, and that nothing but the source decides it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admit } from "#host/vm/admit.ts";
import { grantDefaults } from "#protocol/http-grant.ts";
import { artefactGrants } from "#sdk/client/artefact.ts";
import { parseComponent } from "#host/vm/component.ts";
import { build, type BuiltContract } from "#sdk/transform/index.ts";

const FIXTURES = "test/sdk/fixtures";
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hermetic-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function buildOne(entry: string): Promise<BuiltContract> {
  const { contracts } = await build({ entry });
  const [contract] = contracts;
  if (!contract || contracts.length > 1) throw new Error(`${contracts.length} contracts`);
  return contract;
}

/** Writes files into a new folder and returns it. */
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(directory, "project-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, ".."), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return path;
}

/** The custom sections of a component by name. */
function sections(wasm: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  const unsigned = (start: number): [value: number, end: number] => {
    let value = 0;
    for (let at = start, shift = 0; ; at++, shift += 7) {
      const byte = wasm[at] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return [value, at + 1];
    }
  };
  for (let at = 8; at < wasm.length;) {
    const [length, body] = unsigned(at + 1);
    if (wasm[at] === 0) {
      const [nameLength, name] = unsigned(body);
      const content = name + nameLength;
      const decode = (from: number, to: number): string =>
        new TextDecoder().decode(wasm.subarray(from, to));
      found.set(decode(name, content), decode(content, body + length));
    }
    at = body + length;
  }
  return found;
}

describe("build()", () => {
  it(
    "gives the same bytes from any directory, at the same time as others",
    { timeout: 60_000 },
    async () => {
      const here = await buildOne(`${FIXTURES}/hello.ts`);
      const there = join(directory, "else", "where");
      await cp(FIXTURES, there, { recursive: true });
      const [moved] = await Promise.all([
        buildOne(join(there, "hello.ts")),
        buildOne(join(there, "ledger.ts")),
        buildOne(join(there, "keys.ts")),
      ]);
      expect(moved.codeHash).toBe(here.codeHash);
      expect(moved.wasm).toEqual(here.wasm);
      expect(moved.map).toBe(here.map);
      expect(moved.abiTs).toBe(here.abiTs);
    },
  );

  it("gives other bytes, and another source, for another source", async () => {
    const text = await readFile(`${FIXTURES}/hello.ts`, "utf8");
    const path = await folder({ "hello.ts": `${text}\n// changed\n` });
    const [one, other] = [
      await buildOne(`${FIXTURES}/hello.ts`),
      await buildOne(join(path, "hello.ts")),
    ];
    expect(other.codeHash).not.toBe(one.codeHash);
    expect(parseComponent(other.wasm).core).toEqual(parseComponent(one.wasm).core);
  });

  it("puts the ABI and the origin into the component, and hashes it", async () => {
    const { wasm, abi, abiJson, abiTs, codeHash, name } = await buildOne(`${FIXTURES}/hello.ts`);
    const found = sections(wasm);
    expect([...found.keys()]).toEqual(["hermetic:abi", "hermetic:build"]);
    expect(JSON.parse(found.get("hermetic:abi") ?? "")).toEqual(abi);
    expect(JSON.parse(found.get("hermetic:build") ?? "")).toEqual({
      compiler: "assemblyscript 0.28.20",
      sdk: "0.1.0",
      source: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      entry: "hello.ts",
      rebuild: "hermetic build hello.ts --verify CODE_HASH",
    });
    expect(JSON.parse(abiJson)).toEqual(abi);
    expect(abiTs).toBe(`export const abi = ${abiJson.trimEnd()} as const;\nexport default abi;\n`);
    expect(codeHash).toBe(createHash("sha256").update(wasm).digest("hex"));
    expect(name).toBe("Hello");
  });

  it("takes no notice of line ends and byte order marks", async () => {
    const text = await readFile(`${FIXTURES}/hello.ts`, "utf8");
    const path = await folder({ "hello.ts": `\uFEFF${text.replaceAll("\n", "\r\n")}` });
    const { codeHash } = await buildOne(`${FIXTURES}/hello.ts`);
    expect((await buildOne(join(path, "hello.ts"))).codeHash).toBe(codeHash);
  });

  it("leaves no path, no name and no link to a map in the component", async () => {
    const { wasm } = await buildOne(`${FIXTURES}/ledger.ts`);
    const text = Buffer.from(wasm).toString("latin1") + Buffer.from(wasm).toString("utf16le");
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("sourceMappingURL");
    expect(text).not.toContain("Cell");
  });

  it("stays small", { timeout: 60_000 }, async () => {
    expect((await buildOne(`${FIXTURES}/hello.ts`)).wasm.length).toBeLessThanOrEqual(12 * 1024);
    expect((await buildOne("contracts/token/token.ts")).wasm.length).toBeLessThanOrEqual(30 * 1024);
  });

  it("does not inline recursive functions into themselves", { timeout: 60_000 }, async () => {
    const path = await folder({
      "deep.ts": `
        function fib(n: u32): u64 { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
        namespace parity {
          export function even(n: u32): bool { return n == 0 ? true : odd(n - 1); }
          function odd(n: u32): bool { return n == 0 ? false : even(n - 1); }
        }
        function nest<T>(n: u32, x: T): T { return n == 0 ? x : nest<T>(n - 1, x); }
        @contract export class Deep {
          @query fibOf(n: u32): u64 { return fib(n); }
          @query isEven(n: u32): bool { return parity.even(n); }
          @query nested(n: u32): u64 { return nest<u64>(n, 3) + nest<u32>(n, 4); }
          @query sum(n: u32): u32 { return this.down(n); }
          private down(n: u32): u32 { return n == 0 ? 0 : n + this.down(n - 1); }
        }`,
    });
    const { wasm } = await buildOne(join(path, "deep.ts"));
    expect(wasm.length).toBeLessThanOrEqual(7 * 1024);
  });

  it("writes four files, whole, and leaves those alone that did not change", async () => {
    const outDir = join(directory, "out");
    const [first] = (await build({ entry: `${FIXTURES}/hello.ts`, outDir })).contracts;
    expect((await readdir(outDir)).toSorted()).toEqual([
      "hello.abi.json",
      "hello.abi.ts",
      "hello.wasm",
      "hello.wasm.map",
    ]);
    expect(first?.paths?.wasm).toBe(join(outDir, "hello.wasm"));
    expect(new Uint8Array(await readFile(join(outDir, "hello.wasm")))).toEqual(first?.wasm);
    const before = await stat(join(outDir, "hello.wasm"));
    await build({ entry: `${FIXTURES}/hello.ts`, outDir });
    expect((await stat(join(outDir, "hello.wasm"))).ino).toBe(before.ino);
  });

  it("takes a directory: every file with a contract, and no other", async () => {
    const text = await readFile(`${FIXTURES}/hello.ts`, "utf8");
    const path = await folder({
      "b/two.ts": text,
      "a.ts": text,
      "lib.ts": "/** Says @contract but is none. */ export class X {}",
      "a.test.ts": text,
      "node_modules/x/c.ts": text,
    });
    const { contracts } = await build({ entry: path });
    expect(contracts.map(({ entry }) => entry)).toEqual([
      join(path, "a.ts"),
      join(path, "b/two.ts"),
    ]);
  });

  it("makes what a contract declares of the outside world part of its code", async () => {
    const pin = "ab".repeat(32);
    const base64 = Buffer.from(pin, "hex").toString("base64");
    const source = (grants: string): string =>
      `${grants}\n@contract export class Main { @query q(): u32 { return 1; } }`;
    const path = await folder({
      "none.ts": source(""),
      "one.ts": source('@grant("https://a.b")'),
      "two.ts": source(`@grant("https://a.b", {
        methods: ["POST", "GET"], headers: ["X-Key", "*"], requestBytes: 1_000, responseBytes: 0,
        redirects: "same-origin", perMinute: 5, pins: ["${pin.toUpperCase()}"],
      })
      @grant("https://*.c:*", { pins: ["${base64}"] })`),
    });
    const [none, one, two] = await Promise.all(
      ["none", "one", "two"].map((name) => buildOne(join(path, `${name}.ts`))),
    );
    const grants = (built?: BuiltContract) => admit(built?.wasm ?? new Uint8Array(0)).httpGrants;
    const pins = [Uint8Array.fromHex(pin)];
    expect(grants(none)).toEqual([]);
    expect(grants(one)).toEqual([{ ...grantDefaults, origin: "https://a.b" }]);
    expect(grants(two)).toEqual([
      {
        origin: "https://a.b",
        methods: ["POST", "GET"],
        headers: ["x-key", "*"],
        requestBytes: 1_000,
        responseBytes: 0,
        redirects: "same-origin",
        perMinute: 5,
        pins,
      },
      { ...grantDefaults, origin: "https://*.c:*", pins },
    ]);
    expect(new Set([none?.codeHash, one?.codeHash, two?.codeHash]).size).toBe(3);
    expect(artefactGrants(two?.wasm ?? new Uint8Array(0))[1]?.pins).toEqual([pin]);
  });

  it("refuses two contracts that would be written to one file", async () => {
    const text = await readFile(`${FIXTURES}/hello.ts`, "utf8");
    const path = await folder({ "a/one.ts": text, "b/one.ts": text });
    await expect(build({ entry: path })).rejects.toMatchObject({ code: "HRM3006" });
  });

  it("finds relative files and packages of the author, and the SDK without any", async () => {
    const path = await folder({
      "contracts/main.ts": `
        import { u128 } from "hermetic/contract";
        import { u128 as same } from "@btc-vision/as-bignum/assembly/integer/u128";
        import { twice } from "../shared/math";
        import { Point } from "as-points";
        import { thrice } from "@scope/numbers/lib/thrice";
        @contract export class Main {
          @query q(p: Point, n: u128): u32 { const m: same = n; return twice(p.x) + thrice(m.toU32()); }
        }`,
      "shared/math.ts": "export function twice(x: u32): u32 { return 2 * x; }",
      "node_modules/as-points/index.ts": 'export { Point } from "./point";',
      "node_modules/as-points/point.ts":
        "@data export class Point { constructor(public x: u32, public y: u32) {} }",
      "node_modules/@scope/numbers/lib/thrice.ts":
        'import { three } from "../three"; export function thrice(x: u32): u32 { return three * x; }',
      "node_modules/@scope/numbers/three.ts": "export const three: u32 = 3;",
    });
    const { abi, sources } = await buildOne(join(path, "contracts/main.ts"));
    expect(abi.types).toEqual([
      {
        name: "Point",
        fields: [
          { name: "x", type: "u32" },
          { name: "y", type: "u32" },
        ],
      },
    ]);
    expect(sources).toContain(join(path, "node_modules/@scope/numbers/three.ts"));
    expect(sources).toContain(join(path, "shared/math.ts"));
  });
});
