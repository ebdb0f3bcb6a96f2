/**
 * The client as a browser gets it: bundled, in a realm that has the web's globals and nothing of Node.
 *
 * @module
 */
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, it } from "vitest";
import { fixture } from "#test/support/fixtures.ts";
import { LocalWorker } from "#test/sdk/client/local-worker.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const GZIPPED_BYTES_MAX = 80 * 1024;

async function bundle(): Promise<{ readonly code: string; readonly imports: readonly string[] }> {
  const build = await rolldown({
    input: join(root, "sdk", "client", "index.ts"),
    platform: "browser",
    resolve: { conditionNames: ["hermetic-source", "browser", "import", "default"] },
    logLevel: "silent",
  });
  const { output } = await build.generate({ format: "iife", name: "hermetic", minify: true });
  await build.close();
  return { code: output[0].code, imports: output[0].imports };
}

describe("hermetic/client in a browser", () => {
  let code: string;
  let imports: readonly string[];
  beforeAll(async () => {
    ({ code, imports } = await bundle());
  });

  it("imports nothing, of Node least of all", () => {
    expect(imports).toEqual([]);
    expect(code).not.toMatch(/["']node:/);
  });

  it("is small", async () => {
    const { gzipSync } = await import("node:zlib");
    expect(gzipSync(code).length).toBeLessThan(GZIPPED_BYTES_MAX);
  });

  it("connects, deploys, commands and queries without any global of Node", async () => {
    const worker = new LocalWorker();
    const web = {
      AbortController,
      AbortSignal,
      Response,
      TextDecoder,
      TextEncoder,
      URL,
      clearTimeout,
      crypto,
      fetch: worker.fetch,
      performance,
      setTimeout,
      wasm: await fixture("probe"),
    };
    const context = createContext(web, { codeGeneration: { strings: false, wasm: false } });
    runInContext(code.replace(/^var hermetic/, "globalThis.hermetic"), context);
    const script = `(async () => {
      const { connect, Wallet } = hermetic;
      const net = await connect("http://worker.test", { trust: { allowSimulated: true } });
      const contract = await net.as(Wallet.generate()).deploy(new Uint8Array(wasm));
      const { value } = await contract.command.add({ amount: 5n });
      return [String(value), String(await contract.query.peek()), typeof process, typeof Buffer];
    })()`;
    const result = (await runInContext(script, context)) as readonly string[];
    expect([...result]).toEqual(["5", "5", "undefined", "undefined"]);
  });
});
