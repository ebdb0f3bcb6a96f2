/**
 * Cryptography in the real enclave, a confined process: everything that OpenSSL, noble and scure do there,
 * and keys that are the same after the process was killed.
 *
 * @module
 */
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { nodePrimitives } from "#platform/primitives.ts";
import { build } from "#sdk/transform/index.ts";
import { account, Site } from "./support/site.ts";
import hashes from "#test/vectors/contract-hashes.json" with { type: "json" };
import secp256k1 from "#test/vectors/secp256k1.json" with { type: "json" };
import sr25519 from "#test/vectors/sr25519.json" with { type: "json" };

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
const bytes = (digits: string): Uint8Array => Uint8Array.fromHex(digits);

it("a contract's cryptography works in the enclave's process, and its keys outlive it", async () => {
  const entry = join(import.meta.dirname, "../sdk/fixtures/notary.ts");
  const [artefact] = (await build({ entry })).contracts;
  if (artefact === undefined) throw new Error("nothing was built");
  const data = site.path("data");
  const worker = await site.worker(data);
  const owner = await account((await worker.ready).url);
  const notary = await owner.deploy(artefact);
  const ask = async (method: string, args: Record<string, unknown>): Promise<unknown> =>
    notary.query[method]?.(args);

  expect(await ask("selfTest", { message: bytes("0102") })).toBe(true);
  const keyed = hashes.vectors.find((vector) => "key" in vector);
  const given = { data: bytes(""), length: 64, key: bytes(keyed?.key ?? "") };
  expect(await ask("blake2bWith", given)).toEqual(bytes(keyed?.hash ?? ""));
  for (const { publicKey, message, signature, expect: is } of sr25519.vectors) {
    const [key, text, made] = [publicKey, message, signature].map(bytes);
    const verified = await ask("verify", {
      scheme: 2,
      publicKey: key,
      message: text,
      signature: made,
    });
    expect(verified).toBe(is === "valid");
  }
  for (const { digest, signature, address } of secp256k1.recovered) {
    const key = await ask("recover", { digest: bytes(digest), signature: bytes(signature) });
    const found = key && nodePrimitives.keccak256((key as Uint8Array).subarray(1)).subarray(12);
    expect(found === null ? "" : (found as Uint8Array).toHex()).toBe(address);
  }
  const keys = async (from: typeof notary): Promise<unknown[]> => [
    await from.query["deriveKey"]?.({ label: "a" }),
    await from.query["publicKey"]?.({ scheme: 0, label: "a" }),
    await from.query["publicKey"]?.({ scheme: 1, label: "a" }),
  ];
  const before = await keys(notary);
  await notary.command["draw"]?.({ labels: ["a", "b", "a"] });
  await worker.kill();
  const again = await site.worker(data);
  const after = (await account((await again.ready).url)).contract(artefact.abi, notary.address);
  expect(await keys(after)).toEqual(before);
  expect(await after.query["selfTest"]?.({ message: bytes("") })).toBe(true);
});
