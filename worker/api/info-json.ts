/**
 * `GET /v1/info` for people and scripts: the same content as the MessagePack form, bytes in hex.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { parseInfo } from "#protocol/info.ts";

export function infoJson(bytes: Uint8Array): unknown {
  return hexed(parseInfo(bytes));
}

function hexed(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(hexed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, hexed(own)]));
}
