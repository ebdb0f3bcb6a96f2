/**
 * One plain field of a contract: read on first use, written after the method if its bytes changed.
 *
 * A query runs the same code: had it changed a field, the write meets the host, which refuses it.
 * So a lost write is never silent.
 *
 * @module
 */
import { Account } from "./account";
import { encode } from "./codec";
import { state_set } from "./imports";
import { fieldKey, KEY } from "./key";
import { RESULT } from "./memory";
import { find, loaded } from "./state";
import { Writer } from "./writer";

export class Cell<T> {
  private isLoaded: bool = false;
  private isAssigned: bool = false;
  /** The bytes as stored; length -1 if there are none. */
  private storedAt: usize = 0;
  private storedLength: i32 = -1;

  constructor(
    private name: string,
    private value: T,
  ) {}

  /** Values that can change in place have to be compared even if nobody assigned them. */
  private isMutable(): bool {
    if (!isReference<T>() || isString<T>()) return false;
    return idof<T>() != idof<Account>();
  }

  private fetch(): void {
    if (!find(fieldKey(this.name))) return;
    this.storedAt = load<usize>(RESULT, 4);
    this.storedLength = load<u32>(RESULT, 8);
  }

  get(): T {
    if (!this.isLoaded) {
      this.isLoaded = true;
      this.fetch();
      if (this.storedLength >= 0) {
        this.value = loaded<T>();
      } else if (this.isMutable()) {
        const initial = new Writer();
        encode<T>(initial, this.value);
        this.storedAt = initial.pointer;
        this.storedLength = initial.length;
      }
    }
    return this.value;
  }

  set(value: T): void {
    if (!this.isLoaded) {
      this.isLoaded = true;
      this.fetch();
    }
    this.isAssigned = true;
    this.value = value;
  }

  flush(): void {
    if (!this.isAssigned && !(this.isMutable() && this.isLoaded)) return;
    const now = new Writer();
    encode<T>(now, this.value);
    if (
      now.length == this.storedLength &&
      memory.compare(now.pointer, this.storedAt, now.length) == 0
    ) {
      return;
    }
    state_set(KEY, fieldKey(this.name), now.pointer, now.length);
  }
}
