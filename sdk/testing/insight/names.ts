/**
 * Names in place of addresses, and values as a tester would write them.
 *
 * @module
 */
import type { Account } from "#sdk/client/abi/types.ts";
import { callerName } from "#sdk/testing/callers.ts";

const ACCOUNT = /^[0-9a-f]{64}$/;
/** Characters of a text or of bytes that are shown. */
const SHOWN_LENGTH = 120;

/** @returns The class of the contract at an address, if there is one. */
export type ContractName = (address: Account) => string | undefined;

/** Who has an account: a contract, a caller of the tests, or nobody known. */
export function nameOf(account: Account, contractName: ContractName): string {
  const known = contractName(account) ?? callerName(account);
  return known ?? `${account.slice(0, 6)}…${account.slice(-4)}`;
}

/** A value of a call on one line. */
export function shownValue(value: unknown, contractName: ContractName): string {
  if (typeof value === "string") {
    return ACCOUNT.test(value) ? nameOf(value, contractName) : shortened(JSON.stringify(value));
  }
  if (value instanceof Uint8Array) return shortened(`0x${value.toHex()}`);
  if (Array.isArray(value)) {
    return `[${value.map((item) => shownValue(item, contractName)).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) return `{ ${shownFields(value, contractName)} }`;
  return String(value);
}

/** `name: value` of every field. */
export function shownFields(fields: object, contractName: ContractName): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${shownValue(value, contractName)}`)
    .join(", ");
}

function shortened(text: string): string {
  if (text.length <= SHOWN_LENGTH) return text;
  return `${text.slice(0, SHOWN_LENGTH)}… (${text.length} characters)`;
}

/** A key of the state: text as it is, other bytes as hexadecimal behind it. */
export function shownKey(key: Uint8Array, contractName: ContractName): string {
  const at = key.findIndex((byte) => byte < 0x20 || byte > 0x7e);
  if (at === -1) return new TextDecoder().decode(key);
  const name = new TextDecoder().decode(key.subarray(0, at));
  // A collection's name ends with a zero byte; the key of the item follows.
  const item = key.subarray(key[at] === 0 ? at + 1 : at);
  if (item.length === 0) return name;
  const isText = item.every((byte) => byte >= 0x20 && byte <= 0x7e);
  const hex = item.toHex();
  const shown = isText ? JSON.stringify(new TextDecoder().decode(item)) : `0x${hex}`;
  return `${name}[${ACCOUNT.test(hex) ? nameOf(hex, contractName) : shown}]`;
}
