/**
 * What each contract takes of this enclave outside the log, against caps of its own: a contract that takes
 * too much is refused, and the others do not notice. Calls that end at once are never refused, so that
 * nobody can keep others from a contract by calling it.
 *
 * Commands at their height need none of this: they run one by one, each within its gas.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import {
  QUERY_BYTES_MAX,
  QUERY_CALLS_MAX,
  QUERY_CALLS_PER_ACCOUNT,
  QUERY_GAS_BURST,
  QUERY_GAS_PER_SECOND,
} from "#protocol/limits.ts";
import type { ContractUsage } from "#protocol/usage.ts";

/** Contracts remembered; the one that was quiet the longest is forgotten first. */
const CONTRACTS_MAX = 10_000;

/** One call's part. */
export interface Taken {
  /** Whether it could be one of the contract's calls that do not end at once, and go on. */
  readonly hasRoom: boolean;
  /**
   * Takes a place among the contract's calls that do not end at once.
   *
   * @returns Gives the place back.
   * @throws {@link Fault} `BUSY` if the contract, or the account that calls, has no place left.
   */
  suspend(): () => void;
  /**
   * Counts a slice that is over.
   *
   * @throws {@link Fault} `BUSY` at the first one if the contract has used its time up.
   */
  goOn(gas: number): void;
  /**
   * Says how much memory the call holds while it waits, until it says otherwise.
   *
   * @throws {@link Fault} `BUSY` if the contract's calls hold too much together.
   */
  hold(bytes: number): void;
  /** Counts gas that was used, before the end is known. */
  spend(gas: number): void;
  /** Counts gas for work that no call pays. */
  spendBeside(gas: number): void;
  /** Called once, whatever became of the call. @param gasRun - Of which some may be counted already. */
  end(gasRun: number): void;
}

/** A contract's calls. */
class Share {
  calls = 0;
  refused = 0;
  gasUsed = 0;
  /** Calls that did not end at once, by account. */
  readonly suspended = new Map<string, number>();
  underWay = 0;
  heldBytes = 0;
  /** What may still be used now; runs down with use and up with time. */
  #allowance = QUERY_GAS_BURST;
  #atMs = 0;

  get isSpent(): boolean {
    return this.#allowance <= 0;
  }

  passTo(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    const grown = this.#allowance + (elapsedMs * QUERY_GAS_PER_SECOND) / 1000;
    this.#allowance = Math.min(QUERY_GAS_BURST, grown);
    this.#atMs = Math.max(this.#atMs, nowMs);
  }

  spend(gas: number): void {
    this.gasUsed += gas;
    // What ran at the same time is not held against the contract for ever.
    this.#allowance = Math.max(-QUERY_GAS_BURST, this.#allowance - gas);
  }

  hasRoom(account: string): boolean {
    const own = this.suspended.get(account) ?? 0;
    return this.underWay < QUERY_CALLS_MAX && own < QUERY_CALLS_PER_ACCOUNT && !this.isSpent;
  }

  refuse(): never {
    this.refused++;
    throw new Fault("BUSY");
  }

  suspend(account: string): () => void {
    const own = this.suspended.get(account) ?? 0;
    if (this.underWay >= QUERY_CALLS_MAX || own >= QUERY_CALLS_PER_ACCOUNT) this.refuse();
    this.underWay++;
    this.suspended.set(account, own + 1);
    return () => {
      this.underWay--;
      const left = (this.suspended.get(account) ?? 0) - 1;
      if (left > 0) this.suspended.set(account, left);
      else this.suspended.delete(account);
    };
  }
}

export class Usage {
  /** By address; the contract that was quiet the longest comes first. */
  readonly #shares = new Map<string, Share>();

  /** Lets a call of an existing contract begin. What ends at once is never refused. */
  begin(contract: Uint8Array, account: Uint8Array, nowMs: number): Taken {
    const share = this.#share(toHex(contract));
    share.calls++;
    share.passTo(nowMs);
    let held = 0;
    const hold = (bytes: number): void => {
      if (bytes > held && share.heldBytes + bytes - held > QUERY_BYTES_MAX) share.refuse();
      share.heldBytes += bytes - held;
      held = bytes;
    };
    let spent = 0;
    const spend = (gas: number): void => {
      spent += gas;
      share.spend(gas);
    };
    let goesOn = false;
    const goOn = (gas: number): void => {
      spend(gas);
      if (!goesOn && share.isSpent) share.refuse();
      goesOn = true;
    };
    const end = (gasRun: number): void => {
      hold(0);
      share.spend(Math.max(0, gasRun - spent));
    };
    const name = toHex(account);
    const suspend = (): (() => void) => share.suspend(name);
    const spendBeside = (gas: number): void => share.spend(gas);
    return { hasRoom: share.hasRoom(name), suspend, goOn, hold, spend, spendBeside, end };
  }

  /** @returns Zeros for a contract that nobody has asked anything. */
  of(contract: Uint8Array): ContractUsage {
    const { calls, refused, gasUsed, underWay, heldBytes } =
      this.#shares.get(toHex(contract)) ?? new Share();
    return { calls, refused, gasUsed, underWay, heldBytes };
  }

  #share(name: string): Share {
    const share = this.#shares.get(name) ?? new Share();
    this.#shares.delete(name);
    this.#shares.set(name, share);
    if (this.#shares.size > CONTRACTS_MAX) this.#forget();
    return share;
  }

  /** Forgets the contract that was quiet the longest. */
  #forget(): void {
    for (const [name, share] of this.#shares) {
      this.#shares.delete(name);
      if (share.underWay === 0) return;
      this.#shares.set(name, share);
    }
  }
}
