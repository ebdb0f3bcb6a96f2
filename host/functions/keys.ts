/**
 * Host functions `hermetic:contract/keys`: keys that only this contract has, and what it signs with them.
 *
 * Every key comes from the contract's secret, its kind and a label, each framed: two contracts, two kinds
 * or two labels never share one. The secret is bound to cluster and address and is the same in every epoch and
 * after every upgrade, so that a public key that others know stays good; it is erased with the cluster's master.
 * Reading a key writes nothing, so queries may.
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { deriveBytes, deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import { readExactly, readMessage, schemeOf, type Scheme } from "#host/functions/crypto.ts";
import { readLabel } from "#host/functions/label.ts";
import { SIGNATURE_GAS } from "#host/functions/prices.ts";
import { writeList } from "#host/functions/results.ts";
import type { Bind, RunningCall } from "#host/functions/running.ts";

const DIGEST_BYTES = 32;
/** 128 bits more than a key has, so that reducing them leaves no bias (FIPS 186-5 §A.2.1). */
const SECP256K1_SEED_BYTES = 48;

interface ContractSigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** `derive: func(label: string) -> list<u8>` */
export const keysDerive: Bind =
  (call) =>
  (labelPointer: number, labelLength: number, result: number): void => {
    call.enter("keys.derive", labelLength >>> 0);
    const label = readLabel(call.memory, labelPointer, labelLength);
    const { primitives, contractSecret } = call.environment;
    const key = deriveKey(primitives, contractSecret(), labels.contractKey, utf8(label));
    writeList(call.memory, result, key);
  };

/** `public-key: func(scheme: scheme, label: string) -> list<u8>` */
export const keysPublicKey: Bind =
  (call) =>
  (untrustedScheme: number, labelPointer: number, labelLength: number, result: number): void => {
    call.enter("keys.public-key", labelLength >>> 0);
    const scheme = signingScheme(call, untrustedScheme);
    const label = readLabel(call.memory, labelPointer, labelLength);
    writeList(call.memory, result, signerOf(call, scheme, label).publicKey);
  };

/** `sign: func(scheme: scheme, label: string, message: list<u8>) -> list<u8>` */
export const keysSign: Bind =
  (call) =>
  (
    untrustedScheme: number,
    labelPointer: number,
    labelLength: number,
    messagePointer: number,
    messageLength: number,
    result: number,
  ): void => {
    call.enter("keys.sign", (labelLength >>> 0) + (messageLength >>> 0));
    const scheme = signingScheme(call, untrustedScheme);
    const label = readLabel(call.memory, labelPointer, labelLength);
    const message =
      scheme === "secp256k1"
        ? readExactly(call, messagePointer, messageLength, DIGEST_BYTES)
        : readMessage(call, messagePointer, messageLength);
    writeList(call.memory, result, signerOf(call, scheme, label).sign(message));
  };

type SigningScheme = Exclude<Scheme, "sr25519">;

/** Charges for a signature; `CRYPTO_INPUT` for a scheme that contracts verify but do not sign with. */
function signingScheme(call: RunningCall, untrustedScheme: number): SigningScheme {
  const scheme = schemeOf(untrustedScheme);
  if (scheme === "sr25519") throw new Fault("CRYPTO_INPUT");
  call.gas.charge(SIGNATURE_GAS[scheme].sign);
  return scheme;
}

function signerOf(
  { environment }: RunningCall,
  scheme: SigningScheme,
  name: string,
): ContractSigner {
  const { primitives, contractSecret } = environment;
  const label = utf8(name);
  if (scheme === "ed25519") {
    return primitives.ed25519Signer(
      deriveKey(primitives, contractSecret(), labels.contractEd25519, label),
    );
  }
  const kind = labels.contractSecp256k1;
  return primitives.secp256k1Signer(
    deriveBytes(primitives, contractSecret(), SECP256K1_SEED_BYTES, kind, label),
  );
}
