/**
 * `Wallet`: the Ed25519 key an account signs its sessions with.
 *
 * The seed leaves it only by `exportKey`; neither JSON.stringify nor printing shows it.
 *
 * @module
 */
import { fromHex, toHex } from "#protocol/bytes.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import type { Signer } from "#crypto/primitives.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { randomBytes } from "#sdk/client/random.ts";

/** Whatever can sign for an account: a {@link Wallet}, or a key kept elsewhere. */
export interface AccountSigner {
  /** Ed25519 public key, 32 bytes: the account. */
  readonly publicKey: Uint8Array;
  /** Ed25519 over exactly these bytes (RFC 8032), 64 bytes. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The content of a key file. */
export interface KeyFile {
  readonly hermetic: "key/1";
  /** 64 hexadecimal digits. Secret. */
  readonly seed: string;
  readonly account: string;
}

const SEED_BYTES = 32;

export class Wallet implements AccountSigner {
  readonly publicKey: Uint8Array;
  /** The account: the public key in lower-case hexadecimal. */
  readonly account: string;
  readonly #seed: Uint8Array;
  readonly #signer: Signer;

  private constructor(seed: Uint8Array) {
    this.#seed = seed;
    this.#signer = portablePrimitives.ed25519Signer(seed);
    this.publicKey = this.#signer.publicKey;
    this.account = toHex(this.publicKey);
  }

  /** A new account. */
  static generate(): Wallet {
    return new Wallet(randomBytes(SEED_BYTES));
  }

  /**
   * The account of a seed.
   *
   * @param seed - 32 bytes, or 64 hexadecimal digits. Copied.
   * @throws {@link HermeticError} `KEY_INVALID` for anything else.
   */
  static fromSeed(seed: Uint8Array | string): Wallet {
    const bytes = typeof seed === "string" ? fromHex(seed) : new Uint8Array(seed);
    if (bytes?.length !== SEED_BYTES) {
      throw clientError("KEY_INVALID", "a seed is 32 bytes or 64 hexadecimal digits");
    }
    return new Wallet(bytes);
  }

  /**
   * The wallet of a key file.
   *
   * @param file - Its text, or the object in it.
   * @throws {@link HermeticError} `KEY_INVALID` if it is none, or the account is of another seed.
   */
  static fromKey(file: string | KeyFile): Wallet {
    const { hermetic, seed, account } = typeof file === "string" ? parseFile(file) : file;
    if (hermetic !== "key/1" || typeof seed !== "string") {
      throw clientError("KEY_INVALID", "it is not a key file of version 1");
    }
    const wallet = Wallet.fromSeed(seed);
    if (wallet.account !== account) {
      throw clientError("KEY_INVALID", "its account does not belong to its seed");
    }
    return wallet;
  }

  /** The secret, to be stored where only its owner can read. */
  exportKey(): KeyFile {
    return { hermetic: "key/1", seed: toHex(this.#seed), account: this.account };
  }

  sign(message: Uint8Array): Uint8Array {
    return this.#signer.sign(message);
  }

  /** For JSON.stringify: the account, never the seed. */
  toJSON(): { readonly account: string } {
    return { account: this.account };
  }
}

/** The error does not quote the text, as JSON.parse would: it holds the seed. */
function parseFile(text: string): Partial<KeyFile> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    throw clientError("KEY_INVALID", "it is not JSON");
  }
}
