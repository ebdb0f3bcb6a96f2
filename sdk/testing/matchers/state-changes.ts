/**
 * The difference of two states, in the words of the contract.
 *
 * @module
 */
import type { Abi, AbiStateField } from "#protocol/abi.ts";
import { equalBytes, toHex } from "#protocol/bytes.ts";
import { decodeResult } from "#sdk/client/abi/decode.ts";
import { toJson } from "#sdk/client/abi/json.ts";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import type { ContractStates } from "#sdk/testing/operator/state.ts";

const NAME_END = 0;
const INDEX = 1;
const ABSENT = "absent";

/** One line per key that differs, such as `Auction.closesAt: 60 → 120`. */
export function changesBetween(
  before: ContractStates,
  after: ContractStates,
  abiOf: (address: string) => Abi | undefined,
): string[] {
  const addresses = new Set([...before.keys(), ...after.keys()]);
  return [...addresses].flatMap((address) => {
    const [old, now] = [before.get(address), after.get(address)];
    const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
    return [...keys].toSorted().flatMap((key) => {
      const [was, is] = [old?.get(key), now?.get(key)];
      if (was === is || (was && is && equalBytes(was, is))) return [];
      const abi = abiOf(address);
      const [name, field] = nameOf(abi, Uint8Array.fromHex(key));
      const contract = abi?.contract ?? address.slice(0, 8);
      return [`  ${contract}.${name}: ${textOf(abi, field, was)} → ${textOf(abi, field, is)}`];
    });
  });
}

/**
 * A key is the field's name, and for collections a zero and the key inside; a one comes before what
 * belongs to an index.
 */
function nameOf(abi: Abi | undefined, key: Uint8Array): [string, AbiStateField | undefined] {
  const end = key.findIndex((byte) => byte === NAME_END || byte === INDEX);
  const name = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    end < 0 ? key : key.subarray(0, end),
  );
  const inner = end < 0 ? "" : `[${toHex(key.subarray(end + 1))}]`;
  const isIndex = end >= 0 && key[end] === INDEX;
  // An index has no values of its own.
  const field = isIndex ? undefined : abi?.state.find((each) => each.name === name);
  return [name + (isIndex ? ` by index ${inner}` : inner), field];
}

/** Decoded where the ABI says how, else in hexadecimal: a collection keeps more than its values. */
function textOf(
  abi: Abi | undefined,
  field: AbiStateField | undefined,
  bytes: Uint8Array | undefined,
): string {
  if (bytes === undefined) return ABSENT;
  if (abi === undefined || field?.type === undefined) return toHex(bytes);
  try {
    return JSON.stringify(toJson(abi, field.type, decodeResult(abi, field.type, bytes)));
  } catch (error) {
    if (error instanceof HermeticError) return toHex(bytes);
    throw error;
  }
}
