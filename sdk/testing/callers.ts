/**
 * Callers by name: each is a wallet derived from the name, the same in every world.
 *
 * @module
 */
import { framed, toHex, utf8 } from "#protocol/bytes.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { AccountSigner } from "#sdk/client/wallet.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";

/** A name such as "ann", or a wallet of one's own. */
export type Caller = string | AccountSigner;

const signers = new Map<string, AccountSigner>();

/** @throws {@link HermeticError} `CALLER_NAME` for an empty name. */
export function signerOf(caller: Caller): AccountSigner {
  if (typeof caller === "object" && caller !== null) return caller;
  if (typeof caller !== "string" || caller === "") {
    throw kitError("CALLER_NAME", `it is ${caller === "" ? "empty" : typeof caller}`);
  }
  let signer = signers.get(caller);
  if (signer === undefined) {
    const seed = nodePrimitives.sha256(framed("hermetic/testing/caller", utf8(caller)));
    signer = nodePrimitives.ed25519Signer(seed);
    signers.set(caller, signer);
  }
  return signer;
}

/** The name that an account was derived from, if it was used here. */
export function callerName(account: Account): string | undefined {
  for (const [name, { publicKey }] of signers) if (toHex(publicKey) === account) return name;
  return undefined;
}

export function accountOf(caller: Caller): Account {
  return toHex(signerOf(caller).publicKey);
}
