/**
 * Three people with secrets: who they are and what they bid.
 *
 * @module
 */
import { randomInt } from "node:crypto";
import { Wallet } from "hermetic/client";
import { secretBytes, secretNumber, type Secret } from "./search.ts";

export interface Bidder {
  readonly name: string;
  readonly wallet: Wallet;
  /** Euro cents. */
  readonly amount: bigint;
  /** What it may be raised to: one cent more. */
  readonly raised: bigint;
}

/** Between 50,000 and 90,000 euros, new in each run, so that nothing can be prepared. */
function randomBid(): bigint {
  return BigInt(randomInt(5_000_000, 9_000_000));
}

export function createBidders(): readonly [Bidder, Bidder, Bidder] {
  const bidder = (name: string): Bidder => {
    const amount = randomBid();
    return { name, wallet: Wallet.generate(), amount, raised: amount + 1n };
  };
  return [bidder("Ann"), bidder("Ben"), bidder("Cleo")];
}

/** What nobody but the bidder may learn before the auction is settled; a losing bid never. */
export function secretsOf({ name, wallet, amount, raised }: Bidder): Secret[] {
  return [
    secretNumber(`${name}'s bid`, amount),
    secretNumber(`${name}'s bid and a cent`, raised),
    secretBytes(`${name}'s account`, wallet.publicKey),
    secretBytes(`${name}'s key`, Buffer.from(wallet.exportKey().seed, "hex")),
  ];
}

export function euros(cents: bigint): string {
  const [whole, rest] = [cents / 100n, cents % 100n];
  return `€ ${whole.toLocaleString("en-GB")}.${rest.toString().padStart(2, "0")}`;
}
