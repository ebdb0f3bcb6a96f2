/**
 * Names that the operator's machine knows by itself: its hosts file, which goes before any server.
 *
 * @module
 */
import { readFile } from "node:fs/promises";

/** Milliseconds for which what was read stands. */
const FRESH_MS = 5_000;

export class Hosts {
  readonly #path: string;
  #names: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  #readMs = 0;

  constructor(path = "/etc/hosts") {
    this.#path = path;
  }

  /** Addresses of a name in lower case; none if the file does not name it, or is not there. */
  async addresses(name: string): Promise<readonly string[]> {
    const nowMs = performance.now();
    if (this.#names === undefined || nowMs - this.#readMs > FRESH_MS) {
      this.#readMs = nowMs;
      this.#names = readFile(this.#path, "utf8").then(parse, () => new Map());
    }
    return (await this.#names).get(name) ?? [];
  }
}

/** An address and its names in a line, hosts(5). */
function parse(text: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address, ...own] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address === undefined || address === "") continue;
    for (const name of own) {
      const known = names.get(name.toLowerCase());
      if (known === undefined) names.set(name.toLowerCase(), [address]);
      else known.push(address);
    }
  }
  return names;
}
