/**
 * The states this client has seen of a cluster, and the refusal of anything older or different.
 *
 * A worker can be rolled back or copied as a whole without its enclave noticing. Whoever remembers the
 * newest height it was shown notices; this is that memory, kept beyond the process if asked to.
 *
 * @module
 */
import { equalBytes, fromHex, toHex } from "#protocol/bytes.ts";
import type { Head } from "#protocol/reply.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

/** The newest state a client has seen of one cluster. */
export interface RememberedHead {
  readonly height: number;
  /** State digest at that height, hex. */
  readonly digest: string;
  readonly bootEpoch: number;
}

/** Where heads outlive the process. A failure of either is passed on to the caller of the call. */
export interface HeadStore {
  /** @param cluster - Name of the cluster, hex. */
  load(cluster: string): Promise<RememberedHead | undefined> | RememberedHead | undefined;
  save(cluster: string, head: RememberedHead): Promise<void> | void;
}

/** What a reply must not be older than. */
export interface Floor {
  readonly height: number;
  readonly bootEpoch: number;
}

const DIGEST_BYTES = 32;
/** Digests kept, so that replies that overtake each other are compared too. */
const DIGESTS_MAX = 512;

export class HeadMemory {
  readonly #cluster: string;
  readonly #store: HeadStore | undefined;
  readonly #digests = new Map<number, Uint8Array>();
  #newest: Floor = { height: 0, bootEpoch: 0 };
  #savedHeight = 0;
  #saving: Promise<void> | undefined;

  constructor(cluster: string, store: HeadStore | undefined) {
    this.#cluster = cluster;
    this.#store = store;
  }

  /** Takes up what was remembered. @throws {@link HermeticError} `OPTION_INVALID` if it is damaged. */
  async load(): Promise<void> {
    const head = await this.#store?.load(this.#cluster);
    if (head === undefined) return;
    const digest = fromHex(String(head.digest));
    const { height, bootEpoch } = head;
    if (!isCount(height) || !isCount(bootEpoch) || digest?.length !== DIGEST_BYTES) {
      throw clientError("OPTION_INVALID", "remember.load returned a head that is damaged");
    }
    this.#newest = { height, bootEpoch };
    this.#digests.set(height, digest);
    this.#savedHeight = height;
  }

  /** The newest state seen so far: to be noted before a request is sent. */
  floor(): Floor {
    return this.#newest;
  }

  /**
   * Takes note of a verified head.
   *
   * @param floor - The newest state when the request was sent; replies may overtake each other, so a
   *   head may well be older than what was seen since.
   * @throws {@link HermeticError} `ROLLBACK` if it is older than the floor.
   * @throws {@link HermeticError} `FORK` if another digest is known of its height.
   */
  accept(head: Head, floor: Floor): void {
    const { height, bootEpoch, digest } = head;
    if (height < floor.height) {
      throw clientError("ROLLBACK", undefined, { facts: { height, seen: floor.height } });
    }
    if (bootEpoch < floor.bootEpoch) {
      throw clientError("ROLLBACK", undefined, { facts: { bootEpoch, seen: floor.bootEpoch } });
    }
    const known = this.#digests.get(height);
    if (known !== undefined && !equalBytes(known, digest)) {
      throw clientError("FORK", undefined, { facts: { height } });
    }
    this.#digests.set(height, digest);
    this.#newest = {
      height: Math.max(height, this.#newest.height),
      bootEpoch: Math.max(bootEpoch, this.#newest.bootEpoch),
    };
    this.#forget();
  }

  #forget(): void {
    for (const oldest of this.#digests.keys()) {
      if (this.#digests.size <= DIGESTS_MAX) return;
      if (oldest !== this.#newest.height) this.#digests.delete(oldest);
    }
  }

  /** Saves the newest head, unless it is saved. Returns when that is done. */
  async persist(): Promise<void> {
    const wanted = this.#newest.height;
    while (this.#store !== undefined && this.#savedHeight < wanted) {
      this.#saving ??= this.#save(this.#store).finally(() => {
        this.#saving = undefined;
      });
      await this.#saving;
    }
  }

  async #save(store: HeadStore): Promise<void> {
    const { height, bootEpoch } = this.#newest;
    const digest = this.#digests.get(height);
    if (digest !== undefined) {
      await store.save(this.#cluster, { height, digest: toHex(digest), bootEpoch });
    }
    this.#savedHeight = height;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
