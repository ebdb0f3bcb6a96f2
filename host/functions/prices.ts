/**
 * What each host function costs: a fixed part and a part per byte that crosses the boundary.
 *
 * About one gas per nanosecond of host work. A byte written to state also travels through log,
 * seal and disk on every worker. A change here changes gas and bumps METER_VERSION.
 *
 * @module
 */

export interface Price {
  readonly fixed: number;
  readonly perByte: number;
}

/** Per byte of arguments going in and of a result coming out. */
export const ARGUMENT_GAS_PER_BYTE = 1;
export const RESULT_GAS_PER_BYTE = 1;

/** What a byte of a key that is read counts for: it becomes text and is hashed. */
export const KEY_BYTE_WEIGHT = 8;

export const prices = {
  "state.get": { fixed: 1_000, perByte: 2 },
  "state.set": { fixed: 2_000, perByte: 10 },
  "state.remove": { fixed: 1_000, perByte: 10 },
  /** Per page; steps and items cost {@link SCAN_GAS} on top, keys count {@link KEY_BYTE_WEIGHT} per byte. */
  "state.scan": { fixed: 3_000, perByte: 2 },
  "context.caller": { fixed: 400, perByte: 1 },
  "context.self": { fixed: 400, perByte: 1 },
  "context.now": { fixed: 250, perByte: 0 },
  "context.height": { fixed: 250, perByte: 0 },
  /** In a command each 32 bytes are an HMAC, behind four to start with. */
  "context.random": { fixed: 20_000, perByte: 90 },
  "events.emit": { fixed: 1_000, perByte: 10 },
  "logging.log": { fixed: 500, perByte: 2 },
  "control.fail": { fixed: 500, perByte: 1 },
  "control.panic": { fixed: 500, perByte: 1 },
  "control.refuse": { fixed: 500, perByte: 0 },
  "secrets.get": { fixed: 4_000, perByte: 8 },
  /** A key is derived, as by `keys.derive`. */
  "secrets.reference": { fixed: 34_000, perByte: 10 },
  /** Per call; each request costs {@link HTTP_REQUEST_GAS} on top, bytes count both ways. */
  "http.fetch": { fixed: 2_000, perByte: 2 },
  /** Bytes count both ways; code, instance and everything the callee does come on top. */
  "contracts.call": { fixed: 10_000, perByte: 2 },
  /** Six small writes, which stay; the rest as for a call. */
  "contracts.instantiate": { fixed: 100_000, perByte: 10 },
  /** As many writes, one of them the whole history of the contract's code. */
  "contracts.upgrade": { fixed: 200_000, perByte: 2 },
  "crypto.sha256": { fixed: 2_500, perByte: 2 },
  "crypto.keccak256": { fixed: 2_500, perByte: 4 },
  /** In JavaScript, as are secp256k1 and sr25519: see `docs/decisions/contract-cryptography.md`. */
  "crypto.blake2b": { fixed: 12_000, perByte: 45 },
  /** Per call; each scheme costs {@link SIGNATURE_GAS} on top. */
  "crypto.verify": { fixed: 2_000, perByte: 2 },
  "crypto.recover": { fixed: 2_500_000, perByte: 2 },
  /** The nonce is a draw of randomness. */
  "crypto.seal": { fixed: 45_000, perByte: 8 },
  "crypto.open": { fixed: 12_000, perByte: 8 },
  "keys.derive": { fixed: 30_000, perByte: 10 },
  "keys.public-key": { fixed: 40_000, perByte: 10 },
  "keys.sign": { fixed: 40_000, perByte: 10 },
  /** Three small writes; the planned call's gas limit comes on top. */
  "scheduler.plan": { fixed: 30_000, perByte: 20 },
  "scheduler.cancel": { fixed: 30_000, perByte: 0 },
} as const;

/**
 * A key of this call that is put in order before its first walk, a step of a walk whether or not it finds
 * something, and an item that is written into the contract's memory.
 */
export const SCAN_GAS = { order: 600, step: 600, item: 400 } as const;

/** What a scheme costs besides the call: one check, one byte of its message, one signature or key of one's own. */
export const SIGNATURE_GAS = {
  ed25519: { verify: 200_000, perByte: 4, sign: 200_000 },
  secp256k1: { verify: 2_000_000, perByte: 0, sign: 1_500_000 },
  sr25519: { verify: 3_500_000, perByte: 60, sign: 0 },
} as const;

/** Per byte of a contract's core module, for the first call of it in a chain: it may have to be compiled. */
export const LOAD_GAS_PER_BYTE = 12;

/** A call is given at most what its caller has left, less this part of it: the caller can still act on a failure. */
export const CALLER_GAS_PART = 64;

/** One request: a connection, a handshake and the memory of a suspended call. */
export const HTTP_REQUEST_GAS = 100_000;
