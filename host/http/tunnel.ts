/**
 * The power to reach the network through the worker process.
 *
 * Raw TCP only, and only to an address that the enclave names. Whether the far end is the machine
 * that the contract asked for is decided by TLS inside the enclave, never here.
 *
 * @module
 */

/** What a tunnel tells its reader. After `end` or `failed` nothing follows. */
export interface TunnelEvents {
  data(bytes: Uint8Array): void;
  end(): void;
  failed(): void;
}

export interface Tunnel {
  /** True once connected, false if it never will be. Never rejects. */
  readonly opened: Promise<boolean>;
  /** Registers the one reader; what arrived before is handed over at once. */
  listen(events: TunnelEvents): void;
  /** True when the bytes were handed to the worker process, false if the tunnel is closed. One write at a time. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Tells the worker process that `count` received bytes are used up and as many more may come. */
  consumed(count: number): void;
  /** Ends the sending direction. */
  end(): void;
  /** Drops the tunnel at once; harmless when repeated. */
  destroy(): void;
}

export interface Lookup {
  /** Textual addresses, unverified; nothing when the name did not resolve. Never rejects. */
  readonly untrustedAddresses: Promise<readonly string[] | undefined>;
  cancel(): void;
}

export interface TunnelPower {
  resolve(host: string): Lookup;
  /** @param address - Canonical text of the address that was checked. */
  connect(address: string, port: number): Tunnel;
}
