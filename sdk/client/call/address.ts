/**
 * The address a deployment will have: computed here, so that a worker cannot name another one.
 *
 * @module
 */
import { framed, utf8 } from "#protocol/bytes.ts";
import type { DeployBody } from "#protocol/request.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";

/** @param deployer - Ed25519 public key, 32 bytes. */
export function contractAddress(
  primitives: Primitives,
  cluster: Uint8Array,
  deployer: Uint8Array,
  body: DeployBody,
): Uint8Array {
  const label = labels.contractAddress;
  const codeHash = primitives.sha256(body.component);
  const call = primitives.sha256(framed(label, utf8(body.method), body.args));
  return primitives.sha256(framed(label, cluster, deployer, codeHash, body.salt, call));
}
