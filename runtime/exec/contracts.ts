/**
 * Deployed contracts: their records, code and secrets in the system namespace, and a cache of
 * compiled modules.
 *
 * @module
 */
import { concat, toHex, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import type { DeployBody } from "#protocol/request.ts";
import { STATE_VALUE_BYTES_MAX } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { Primitives } from "#crypto/primitives.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { admit, type AdmitOptions, type AdmittedModule } from "#host/vm/admit.ts";

export interface ContractRecord {
  /** SHA-256 of the component, 32 bytes. */
  readonly codeHash: Uint8Array;
  /** Account that deployed it. */
  readonly owner: Uint8Array;
  readonly height: number;
}

const RECORD_PREFIX = utf8("contract/");
const CODE_PREFIX = utf8("code/");
const SECRET_PREFIX = utf8("secret/");
/** Compiled modules kept at hand; the least recently used one goes first. */
const MODULES_MAX = 256;
/** Bytes of their metered code: the engine holds several times as much, and dies near 4 GiB of its own. */
const MODULES_BYTES_MAX = 128 * 1024 * 1024;

const text = new TextDecoder("utf-8", { fatal: true });

function codeKey(codeHash: Uint8Array, piece: number): Uint8Array {
  return concat([CODE_PREFIX, codeHash, Uint8Array.of(piece)]);
}

export interface ContractsOptions {
  /** Bytes of compiled modules to keep; a lower one is for tests. */
  readonly modulesBytesMax?: number;
  /** Whether a trap tells where in the contract's code it happened. */
  readonly locatesTraps?: boolean;
}

export class Contracts {
  readonly #primitives: Primitives;
  readonly #admitOptions: AdmitOptions;
  readonly #memoryPagesMax: number;
  readonly #modulesBytesMax: number;
  readonly #modules = new Map<string, AdmittedModule>();
  #modulesBytes = 0;

  /** @param memoryPagesMax - Pages (64 KiB) a contract's memory may reach. */
  constructor(primitives: Primitives, memoryPagesMax: number, options: ContractsOptions = {}) {
    this.#primitives = primitives;
    this.#memoryPagesMax = memoryPagesMax;
    this.#modulesBytesMax = options.modulesBytesMax ?? MODULES_BYTES_MAX;
    this.#admitOptions = { offsetMap: options.locatesTraps ?? false };
  }

  codeHash(component: Uint8Array): Uint8Array {
    return this.#primitives.sha256(component);
  }

  /** @throws {@link Fault} `CONTRACT_UNKNOWN` if there is none at that address. */
  record(system: StateReader, address: Uint8Array): ContractRecord {
    const stored = system.get(concat([RECORD_PREFIX, address]));
    if (stored === undefined) throw new Fault("CONTRACT_UNKNOWN");
    const fields = Fields.parse(stored, "SEAL_BROKEN");
    const record = {
      codeHash: fields.fixed(32),
      owner: fields.fixed(32),
      height: fields.integer(),
    };
    fields.end();
    return record;
  }

  /**
   * Writes a contract's record, code and secrets.
   *
   * @throws {@link Fault} `CONTRACT_EXISTS` if the address is taken.
   */
  store(system: Overlay, address: Uint8Array, record: ContractRecord, body: DeployBody): void {
    const key = concat([RECORD_PREFIX, address]);
    if (system.get(key) !== undefined) throw new Fault("CONTRACT_EXISTS");
    system.set(key, pack([record.codeHash, record.owner, integer(record.height)]));
    for (const [name, value] of body.secrets) {
      system.set(this.#secretKey(address, name), utf8(value));
    }
    if (system.get(codeKey(record.codeHash, 0)) !== undefined) return;
    for (let piece = 0; piece * STATE_VALUE_BYTES_MAX < body.component.length; piece++) {
      const start = piece * STATE_VALUE_BYTES_MAX;
      const bytes = body.component.slice(start, start + STATE_VALUE_BYTES_MAX);
      system.set(codeKey(record.codeHash, piece), bytes);
    }
  }

  /** A secret sealed for this contract, if it has one of that name. */
  secret(system: StateReader, address: Uint8Array, name: string): string | undefined {
    const stored = system.get(this.#secretKey(address, name));
    return stored === undefined ? undefined : text.decode(stored);
  }

  #secretKey(address: Uint8Array, name: string): Uint8Array {
    return concat([SECRET_PREFIX, address, this.#primitives.sha256(utf8(name))]);
  }

  /** Admits and compiles a component, or takes it from the cache. @throws {@link Fault} `MODULE_…`. */
  admit(component: Uint8Array): AdmittedModule {
    const name = toHex(this.codeHash(component));
    return this.#cached(name) ?? this.#keep(name, this.#compile(component));
  }

  /** The compiled module of a deployed contract. */
  module(system: StateReader, codeHash: Uint8Array): AdmittedModule {
    const name = toHex(codeHash);
    return this.#cached(name) ?? this.#keep(name, this.#load(system, codeHash));
  }

  #load(system: StateReader, codeHash: Uint8Array): AdmittedModule {
    const pieces: Uint8Array[] = [];
    for (let piece = 0; ; piece++) {
      const bytes = system.get(codeKey(codeHash, piece));
      if (bytes === undefined) break;
      pieces.push(bytes);
    }
    return this.#compile(concat(pieces));
  }

  #compile(component: Uint8Array): AdmittedModule {
    return admit(component, this.#memoryPagesMax, this.#admitOptions);
  }

  #cached(name: string): AdmittedModule | undefined {
    const module = this.#modules.get(name);
    if (module !== undefined) {
      this.#modules.delete(name);
      this.#modules.set(name, module);
    }
    return module;
  }

  #keep(name: string, module: AdmittedModule): AdmittedModule {
    this.#modules.set(name, module);
    this.#modulesBytes += module.codeBytes;
    for (const [oldest, { codeBytes }] of this.#modules) {
      const isFull = this.#modules.size > MODULES_MAX || this.#modulesBytes > this.#modulesBytesMax;
      if (!isFull || oldest === name) break;
      this.#modules.delete(oldest);
      this.#modulesBytes -= codeBytes;
    }
    return module;
  }
}
