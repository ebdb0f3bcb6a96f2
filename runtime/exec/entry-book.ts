/**
 * The log's entries, as one enclave seals and opens them.
 *
 * What it admits comes back a moment later, from the disk, to be executed. If every byte is as this enclave
 * sealed it, what is in it is known already and need not be opened again.
 *
 * @module
 */
import { equalBytes, toHex } from "#protocol/bytes.ts";
import type { Cluster } from "#exec/cluster.ts";
import { type Admitted, openEntry, sealEntry } from "#exec/entry.ts";

/** Bytes of sealed entries that are remembered; the operator may never bring them back. */
const KNOWN_BYTES_MAX = 4 * 1024 * 1024;
/** Bytes of an entry beyond which it is not remembered, so that none displaces all others. */
const ENTRY_BYTES_MAX = 64 * 1024;
/** Bytes at the end that tell two entries apart: the tag of their encryption. */
const TAG_BYTES = 16;

interface Known {
  readonly sealed: Uint8Array;
  readonly admitted: Admitted;
}

export class EntryBook {
  readonly #cluster: Cluster;
  /** By tag, oldest first. */
  readonly #known = new Map<string, Known>();
  #knownBytes = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  seal(admitted: Admitted): Uint8Array {
    const sealed = sealEntry(this.#cluster.entries, this.#cluster.name, admitted);
    if (sealed.length <= ENTRY_BYTES_MAX) this.#remember({ sealed, admitted });
    return sealed;
  }

  /** @throws {@link Fault} `LOG_ENTRY_BROKEN` if this cluster did not seal it just so. */
  open(untrustedEntry: Uint8Array, height: number): Admitted {
    const tag = tagOf(untrustedEntry);
    const known = this.#known.get(tag);
    // An altered entry may bring the tag of another: nothing but all of its bytes proves it.
    if (known !== undefined && equalBytes(known.sealed, untrustedEntry)) {
      this.#forget(tag, known);
      return known.admitted;
    }
    return openEntry(this.#cluster.entries, this.#cluster.name, untrustedEntry, height);
  }

  #remember(known: Known): void {
    this.#known.set(tagOf(known.sealed), known);
    this.#knownBytes += known.sealed.length;
    for (const [tag, oldest] of this.#known) {
      if (this.#knownBytes <= KNOWN_BYTES_MAX) break;
      this.#forget(tag, oldest);
    }
  }

  #forget(tag: string, { sealed }: Known): void {
    this.#known.delete(tag);
    this.#knownBytes -= sealed.length;
  }
}

function tagOf(sealed: Uint8Array): string {
  return toHex(sealed.subarray(-TAG_BYTES));
}
