/**
 * Code in the system namespace: addressed by its hash, stored once, however many contracts run it.
 *
 * Anybody may upload, so code that no contract runs is kept only for a while: in a queue of bounded
 * length, from which each new one pushes out the oldest. An account that floods it pushes out its own.
 *
 * @module
 */
import { concat, equalBytes, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { IDLE_CODES_MAX, IDLE_CODES_PER_ACCOUNT, STATE_VALUE_BYTES_MAX } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";

const CODE_PREFIX = utf8("code/");
const USE_PREFIX = utf8("code-use/");
const IDLE_KEY = utf8("code-idle");

/** Who stored code, and how many contracts run it. */
interface Use {
  readonly uploader: Uint8Array;
  readonly contracts: number;
}

/** Code that no contract runs. */
interface Idle {
  readonly hash: Uint8Array;
  readonly uploader: Uint8Array;
}

function pieceKey(hash: Uint8Array, piece: number): Uint8Array {
  return concat([CODE_PREFIX, hash, Uint8Array.of(piece)]);
}

function readUse(system: StateReader, hash: Uint8Array): Use | undefined {
  const stored = system.get(concat([USE_PREFIX, hash]));
  if (stored === undefined) return undefined;
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const use = { uploader: fields.fixed(32), contracts: fields.integer() };
  fields.end();
  return use;
}

function writeUse(system: Overlay, hash: Uint8Array, { uploader, contracts }: Use): void {
  system.set(concat([USE_PREFIX, hash]), pack([uploader, integer(contracts)]));
}

/** Oldest first. */
function readIdle(system: StateReader): Idle[] {
  const stored = system.get(IDLE_KEY);
  if (stored === undefined) return [];
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const idle = fields.list(IDLE_CODES_MAX, (list) =>
    list.nested((one) => ({ hash: one.fixed(32), uploader: one.fixed(32) })),
  );
  fields.end();
  return idle;
}

function writeIdle(system: Overlay, idle: readonly Idle[]): void {
  system.set(IDLE_KEY, pack([idle.map(({ hash, uploader }) => [hash, uploader])]));
}

export function holdsCode(system: StateReader, hash: Uint8Array): boolean {
  return readUse(system, hash) !== undefined;
}

/** @throws {@link Fault} `CODE_UNKNOWN` if the cluster does not hold it. */
export function loadCode(system: StateReader, hash: Uint8Array): Uint8Array {
  if (!holdsCode(system, hash)) throw new Fault("CODE_UNKNOWN");
  const pieces: Uint8Array[] = [];
  for (let piece = 0; ; piece++) {
    const bytes = system.get(pieceKey(hash, piece));
    if (bytes === undefined) return concat(pieces);
    pieces.push(bytes);
  }
}

/** Stores code that no contract runs yet; what is held already stays as it is. */
export function storeCode(
  system: Overlay,
  hash: Uint8Array,
  component: Uint8Array,
  uploader: Uint8Array,
): void {
  if (holdsCode(system, hash)) return;
  for (let piece = 0; piece * STATE_VALUE_BYTES_MAX < component.length; piece++) {
    const start = piece * STATE_VALUE_BYTES_MAX;
    system.set(pieceKey(hash, piece), component.slice(start, start + STATE_VALUE_BYTES_MAX));
  }
  writeUse(system, hash, { uploader, contracts: 0 });
  queue(system, { hash, uploader });
}

/** One more contract runs the code. @throws {@link Fault} `CODE_UNKNOWN` if it is not held. */
export function useCode(system: Overlay, hash: Uint8Array): void {
  const use = readUse(system, hash);
  if (use === undefined) throw new Fault("CODE_UNKNOWN");
  if (use.contracts === 0) {
    writeIdle(
      system,
      readIdle(system).filter((idle) => !equalBytes(idle.hash, hash)),
    );
  }
  writeUse(system, hash, { ...use, contracts: use.contracts + 1 });
}

/** One contract fewer runs the code. */
export function releaseCode(system: Overlay, hash: Uint8Array): void {
  const use = readUse(system, hash);
  if (use === undefined) throw new Fault("SEAL_BROKEN");
  writeUse(system, hash, { ...use, contracts: use.contracts - 1 });
  if (use.contracts === 1) queue(system, { hash, uploader: use.uploader });
}

/** Puts code into the queue, and removes what it pushes out. */
function queue(system: Overlay, newest: Idle): void {
  const idle = readIdle(system);
  const own = idle.filter(({ uploader }) => equalBytes(uploader, newest.uploader));
  const isFlood = own.length >= IDLE_CODES_PER_ACCOUNT;
  const out = isFlood ? own[0] : idle.length >= IDLE_CODES_MAX ? idle[0] : undefined;
  if (out !== undefined) removeCode(system, out.hash);
  writeIdle(system, [...idle.filter((each) => each !== out), newest]);
}

function removeCode(system: Overlay, hash: Uint8Array): void {
  system.remove(concat([USE_PREFIX, hash]));
  for (let piece = 0; system.get(pieceKey(hash, piece)) !== undefined; piece++) {
    system.remove(pieceKey(hash, piece));
  }
}
