/**
 * Deployed contracts and their code: what is stored of them, and a cache of compiled modules.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import type { Watch } from "#host/functions/watch.ts";
import type { StateReader } from "#host/state/reader.ts";
import { admit, type AdmitOptions, type AdmittedModule } from "#host/vm/admit.ts";
import { loadCode } from "#exec/code-store.ts";
import { readRecord, readSecret, type ContractRecord } from "#exec/records.ts";

/** Compiled modules kept at hand; the least recently used one goes first. */
const MODULES_MAX = 256;
/** Bytes of their metered code: of hostile code the engine makes sixty times as much, and it dies near 4 GiB of its own. */
const MODULES_BYTES_MAX = 32 * 1024 * 1024;

export interface ContractsOptions {
  /** Bytes of compiled modules to keep; a lower one is for tests. */
  readonly modulesBytesMax?: number;
  /** Whether a trap tells where in the contract's code it happened. */
  readonly locatesTraps?: boolean;
  /** As {@link AdmitOptions.instrument}. */
  readonly instrument?: AdmitOptions["instrument"];
  /** Eyes on chains of calls. */
  readonly watch?: Watch;
}

/** Is told how many bytes of code are about to be compiled, if they were not at hand. */
export type Compiled = (bytes: number) => void;

export class Contracts {
  readonly primitives: EnclavePrimitives;
  readonly watch: Watch | undefined;
  readonly #admitOptions: AdmitOptions;
  readonly #memoryPagesMax: number;
  readonly #modulesBytesMax: number;
  readonly #modules = new Map<string, AdmittedModule>();
  #modulesBytes = 0;

  /** @param memoryPagesMax - Pages (64 KiB) a contract's memory may reach. */
  constructor(
    primitives: EnclavePrimitives,
    memoryPagesMax: number,
    options: ContractsOptions = {},
  ) {
    this.primitives = primitives;
    this.#memoryPagesMax = memoryPagesMax;
    this.#modulesBytesMax = options.modulesBytesMax ?? MODULES_BYTES_MAX;
    this.watch = options.watch;
    const { locatesTraps: offsetMap = false, instrument } = options;
    this.#admitOptions = { offsetMap, instrument };
  }

  codeHash(component: Uint8Array): Uint8Array {
    return this.primitives.sha256(component);
  }

  /** @throws {@link Fault} `CONTRACT_UNKNOWN` if there is none at that address. */
  record(system: StateReader, address: Uint8Array): ContractRecord {
    return readRecord(system, address);
  }

  /** A secret sealed for this contract, if it has one of that name. */
  secret(system: StateReader, address: Uint8Array, name: string): string | undefined {
    return readSecret(this.primitives, system, address, name);
  }

  /** Admits and compiles a component, or takes it from the cache. @throws {@link Fault} `MODULE_…`. */
  admit(component: Uint8Array): AdmittedModule {
    const name = toHex(this.codeHash(component));
    return this.#cached(name) ?? this.#keep(name, this.#compile(component));
  }

  /**
   * The compiled module of code that the cluster holds.
   *
   * @throws {@link Fault} `CODE_UNKNOWN` if it is neither held nor at hand; ask `holdsCode` before.
   */
  module(system: StateReader, codeHash: Uint8Array, compiled?: Compiled): AdmittedModule {
    const name = toHex(codeHash);
    return this.#cached(name) ?? this.#load(name, loadCode(system, codeHash), false, compiled);
  }

  /** As {@link module}, compiled for calls that are suspended. */
  resumable(system: StateReader, codeHash: Uint8Array, compiled?: Compiled): AdmittedModule {
    const name = `${toHex(codeHash)} resumable`;
    return this.#cached(name) ?? this.#load(name, loadCode(system, codeHash), true, compiled);
  }

  #load(
    name: string,
    component: Uint8Array,
    isResumable: boolean,
    compiled: Compiled | undefined,
  ): AdmittedModule {
    compiled?.(component.length);
    return this.#keep(name, this.#compile(component, isResumable));
  }

  #compile(component: Uint8Array, isResumable = false): AdmittedModule {
    return admit(component, this.#memoryPagesMax, { ...this.#admitOptions, isResumable });
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
