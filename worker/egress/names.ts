/**
 * Name resolution for the enclave: by the machine's hosts file, then its name servers, then whatever else the
 * operating system knows.
 *
 * Name servers are asked over sockets, many names at once. The operating system's own lookup blocks one of the
 * four threads that file writes of the log need too, for as long as the resolver likes: only names that no
 * server knows come to it, two at a time. A name that waits too long is given up.
 *
 * @module
 */
import { lookup } from "node:dns";
import { Resolver } from "node:dns/promises";
import { EGRESS_ADDRESSES_MAX } from "#protocol/limits.ts";
import { Hosts } from "#worker/egress/hosts.ts";

/** Names that servers are asked for at once, and that the operating system is. */
const ASKED_MAX = 64;
const LOOKUPS_MAX = 2;
const SERVER_MS = 1_000;
const SERVER_TRIES = 2;

/** Calls back once: with addresses, or with none when the name does not resolve in time. */
type Answer = (addresses: readonly string[]) => void;

interface Query {
  readonly host: string;
  readonly answer: Answer;
}

export interface NamesOptions {
  /** Milliseconds after which a name is given up. */
  readonly lookupMs: number;
  /** Name servers, as `address` or `address:port`; those of the machine if left out. */
  readonly nameServers?: readonly string[];
  /** Milliseconds for a server to answer; it is asked twice. Less than a name may wait in all. */
  readonly serverMs?: number;
  readonly hostsFile?: string;
}

export class Names {
  readonly #lookupMs: number;
  readonly #hosts: Hosts;
  readonly #resolver: Resolver;
  readonly #asking: Lane<Query> = new Lane(ASKED_MAX, (query) => this.#ask(query));
  readonly #lookingUp: Lane<Query> = new Lane(LOOKUPS_MAX, lookUp);

  constructor({ lookupMs, nameServers, serverMs = SERVER_MS, hostsFile }: NamesOptions) {
    this.#resolver = new Resolver({ timeout: serverMs, tries: SERVER_TRIES });
    this.#lookupMs = lookupMs;
    this.#hosts = new Hosts(hostsFile);
    if (nameServers !== undefined) this.#resolver.setServers(nameServers);
  }

  /** @returns Forgets the query: `answer` is not called any more. */
  resolve(host: string, answer: Answer): () => void {
    let open = true;
    const settle: Answer = (addresses) => {
      clearTimeout(timer);
      this.#asking.leave(query);
      this.#lookingUp.leave(query);
      if (open) answer(addresses);
      open = false;
    };
    const query = { host, answer: settle };
    const timer = setTimeout(() => settle([]), this.#lookupMs);
    this.#asking.enter(query);
    return () => {
      open = false;
      settle([]);
    };
  }

  async #ask(query: Query): Promise<void> {
    const { host, answer } = query;
    const known = await this.#hosts.addresses(host.toLowerCase());
    const found = known.length > 0 ? known : await this.#fromServers(host);
    if (found.length > 0) answer(found.slice(0, EGRESS_ADDRESSES_MAX));
    else this.#lookingUp.enter(query);
  }

  /** Both families, the older one first: the enclave tries them in turn. */
  async #fromServers(host: string): Promise<readonly string[]> {
    const none = (): string[] => [];
    const [four, six] = await Promise.all([
      this.#resolver.resolve4(host).catch(none),
      this.#resolver.resolve6(host).catch(none),
    ]);
    return [...four, ...six];
  }
}

/** Asks the operating system. */
function lookUp({ host, answer }: Query): Promise<void> {
  return new Promise((resolve) => {
    lookup(host, { all: true, order: "verbatim" }, (error, entries) => {
      const found = error === null ? entries : [];
      answer(found.slice(0, EGRESS_ADDRESSES_MAX).map(({ address }) => address));
      resolve();
    });
  });
}

/** Does so many things at once; the others wait in line. */
class Lane<T> {
  readonly #max: number;
  readonly #run: (item: T) => Promise<void>;
  readonly #waiting = new Set<T>();
  #running = 0;

  /** @param run - Must not reject. */
  constructor(max: number, run: (item: T) => Promise<void>) {
    this.#max = max;
    this.#run = run;
  }

  enter(item: T): void {
    this.#waiting.add(item);
    this.#next();
  }

  /** What has begun goes on. */
  leave(item: T): void {
    this.#waiting.delete(item);
  }

  #next(): void {
    for (const item of this.#waiting) {
      if (this.#running >= this.#max) return;
      this.#waiting.delete(item);
      this.#running++;
      void this.#run(item).finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }
}
