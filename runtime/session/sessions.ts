/**
 * The cluster's sessions: who they belong to, their keys, and what they have already sent.
 *
 * Sessions are replicated state: opening one and using a sequence number are log entries, so a
 * command executes at most once on every worker and after every restart. What is kept here beside
 * the state (derived keys, last use) is only a cache of it.
 *
 * @module
 */
import { concat, toHex, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { SESSIONS_MAX, SESSION_IDLE_MS } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { deriveSessionKeys, type SessionKeys } from "#crypto/session-keys.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { Window } from "#session/window.ts";

export interface Session {
  readonly id: Uint8Array;
  /** Ed25519 public key, 32 bytes. */
  readonly account: Uint8Array;
  readonly keys: SessionKeys;
}

/** A session as the log entry that opens it carries it. */
export interface NewSession {
  readonly id: Uint8Array;
  readonly account: Uint8Array;
  readonly secret: Uint8Array;
}

const SESSION_PREFIX = utf8("session/");
const WINDOW_PREFIX = utf8("window/");
const WINDOW_BYTES_MAX = 64;

export class Sessions {
  readonly #primitives: Primitives;
  readonly #open = new Map<string, Session>();
  /** Time of the last command, in milliseconds, of every session there is. */
  readonly #lastUsedMs = new Map<string, number>();

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  /** Rebuilds the cache from restored state. */
  restore(entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): void {
    this.#open.clear();
    this.#lastUsedMs.clear();
    const prefix = toHex(WINDOW_PREFIX);
    for (const [key, value] of entries) {
      const text = toHex(key);
      if (text.startsWith(prefix)) {
        this.#lastUsedMs.set(text.slice(prefix.length), parseUse(value).lastUsedMs);
      }
    }
  }

  /** @throws {@link Fault} `SESSION_UNKNOWN` if no such session is open. */
  find(state: StateReader, id: Uint8Array): Session {
    const name = toHex(id);
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const stored = state.get(concat([SESSION_PREFIX, id]));
    if (stored === undefined) throw new Fault("SESSION_UNKNOWN");
    const fields = Fields.parse(stored, "SEAL_BROKEN");
    const account = fields.fixed(32);
    const keys = deriveSessionKeys(this.#primitives, fields.fixed(32));
    fields.end();
    const session = { id: new Uint8Array(id), account, keys };
    this.#open.set(name, session);
    return session;
  }

  /**
   * Whether a session may be opened now.
   *
   * @throws {@link Fault} as {@link add}.
   */
  checkNew(state: StateReader, id: Uint8Array, timeMs: number): void {
    if (this.isOpen(state, id)) throw new Fault("SESSION_REPLAYED");
    if (this.#lastUsedMs.size >= SESSIONS_MAX) this.#longestIdle(timeMs);
  }

  isOpen(state: StateReader, id: Uint8Array): boolean {
    return state.get(concat([SESSION_PREFIX, id])) !== undefined;
  }

  /**
   * Opens a session, dropping the longest idle one when the table is full.
   *
   * @throws {@link Fault} `SESSION_REPLAYED` if it is open already.
   * @throws {@link Fault} `SESSION_LIMIT` if the table is full and none has been idle for an hour.
   */
  add(overlay: Overlay, session: NewSession, timeMs: number): Session {
    this.checkNew(overlay, session.id, timeMs);
    if (this.#lastUsedMs.size >= SESSIONS_MAX) this.#drop(overlay, this.#longestIdle(timeMs));
    overlay.set(concat([SESSION_PREFIX, session.id]), pack([session.account, session.secret]));
    this.#store(overlay, session.id, new Window(), timeMs);
    return this.find(overlay, session.id);
  }

  /** Whether a command's sequence number is free. @throws {@link Fault} as {@link Window.check}. */
  check(state: StateReader, id: Uint8Array, sequence: number): void {
    this.#use(state, id).window.check(sequence);
  }

  /** Uses up a command's sequence number. @throws {@link Fault} as {@link Window.check}. */
  use(overlay: Overlay, id: Uint8Array, sequence: number, timeMs: number): void {
    const { window } = this.#use(overlay, id);
    window.use(sequence);
    this.#store(overlay, id, window, timeMs);
  }

  /** Forgets a use in a step that is not committed: only what stands in the state may say who is idle. */
  takeBack(state: StateReader, id: Uint8Array): void {
    this.#lastUsedMs.set(toHex(id), this.#use(state, id).lastUsedMs);
  }

  #use(state: StateReader, id: Uint8Array): Use {
    const stored = state.get(concat([WINDOW_PREFIX, id]));
    if (stored === undefined) throw new Fault("SESSION_UNKNOWN");
    return parseUse(stored);
  }

  #store(overlay: Overlay, id: Uint8Array, window: Window, timeMs: number): void {
    overlay.set(concat([WINDOW_PREFIX, id]), pack([window.encode(), integer(timeMs)]));
    this.#lastUsedMs.set(toHex(id), timeMs);
  }

  /** Name of the session that was idle for longest; ties go by name, so that all workers agree. */
  #longestIdle(timeMs: number): string {
    let oldest: string | undefined;
    let oldestMs = timeMs - SESSION_IDLE_MS;
    for (const [name, lastUsedMs] of this.#lastUsedMs) {
      const older = lastUsedMs < oldestMs;
      const tie = lastUsedMs === oldestMs && oldest !== undefined && name < oldest;
      if (older || tie) [oldest, oldestMs] = [name, lastUsedMs];
    }
    if (oldest === undefined) throw new Fault("SESSION_LIMIT", { limit: SESSIONS_MAX });
    return oldest;
  }

  #drop(overlay: Overlay, name: string): void {
    const id = Uint8Array.fromHex(name);
    overlay.remove(concat([SESSION_PREFIX, id]));
    overlay.remove(concat([WINDOW_PREFIX, id]));
    this.#open.delete(name);
    this.#lastUsedMs.delete(name);
  }
}

interface Use {
  readonly window: Window;
  readonly lastUsedMs: number;
}

function parseUse(stored: Uint8Array): Use {
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const window = Window.parse(fields.bytes(WINDOW_BYTES_MAX));
  const lastUsedMs = fields.integer();
  fields.end();
  return { window, lastUsedMs };
}
