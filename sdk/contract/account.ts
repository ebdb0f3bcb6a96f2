/**
 * Who calls, and what is called: 32 bytes that compare by value.
 *
 * @module
 */
import { panic } from "./control";

const HEX = "0123456789abcdef";

function nibble(unit: i32): i32 {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = (unit | 0x20) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

/** An account or a contract. Immutable; its four fields are the 32 bytes as they lie in memory. */
export class Account {
  private a: u64 = 0;
  private b: u64 = 0;
  private c: u64 = 0;
  private d: u64 = 0;

  /** 32 zero bytes: nobody. Never a caller. */
  static get zero(): Account {
    return new Account();
  }

  /** @param text - 64 hexadecimal digits; anything else fails the call. */
  static parse(text: string): Account {
    if (text.length != 64) panic("an account has 64 hexadecimal digits");
    const account = new Account();
    for (let i = 0; i < 32; i++) {
      const high = nibble(text.charCodeAt(2 * i));
      const low = nibble(text.charCodeAt(2 * i + 1));
      if ((high | low) < 0) panic("an account has 64 hexadecimal digits");
      store<u8>(changetype<usize>(account) + i, <u8>((high << 4) | low));
    }
    return account;
  }

  /** @param bytes - Exactly 32 bytes; anything else fails the call. */
  static from(bytes: Uint8Array): Account {
    if (bytes.length != 32) panic("an account has 32 bytes");
    const account = new Account();
    memory.copy(changetype<usize>(account), bytes.dataStart, 32);
    return account;
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(32);
    memory.copy(bytes.dataStart, changetype<usize>(this), 32);
    return bytes;
  }

  /** 64 lower-case hexadecimal digits. */
  toString(): string {
    const text = __new(128, idof<String>());
    for (let i: usize = 0; i < 32; i++) {
      const byte = load<u8>(changetype<usize>(this) + i);
      store<u16>(text + 4 * i, HEX.charCodeAt(byte >> 4));
      store<u16>(text + 4 * i + 2, HEX.charCodeAt(byte & 15), 0);
    }
    return changetype<string>(text);
  }

  @operator("==")
  private static equals(left: Account | null, right: Account | null): bool {
    if (changetype<usize>(left) == changetype<usize>(right)) return true;
    if (changetype<usize>(left) == 0 || changetype<usize>(right) == 0) return false;
    return memory.compare(changetype<usize>(left), changetype<usize>(right), 32) == 0;
  }

  @operator("!=")
  private static differs(left: Account | null, right: Account | null): bool {
    return !Account.equals(left, right);
  }
}
