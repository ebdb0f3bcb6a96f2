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
import { panic } from "./control";
import { state_set } from "./imports";
import { fieldKey, KEY } from "./key";
import { RESULT } from "./memory";
import { callsSoFar } from "./reentry";
import { find, loaded } from "./state";
import { Writer } from "./writer";

export class Cell<T> {
  private isLoaded: bool = false;
  private isAssigned: bool = false;
  /** The bytes as stored; length -1 if there are none. */
  private storedAt: usize = 0;
  private storedLength: i32 = -1;
  /** {@link callsSoFar} when the bytes were stored or read. */
  private calls: u32 = 0;

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
      this.calls = callsSoFar();
      this.fetch();
      if (this.storedLength >= 0) {
        this.value = loaded<T>();
      } else if (this.isMutable()) {
        const initial = new Writer();
        encode<T>(initial, this.value);
        this.storedAt = initial.pointer;
        this.storedLength = initial.length;
      }
    } else if (isDefined(__isReentrant)) {
      this.refresh();
    }
    return this.value;
  }

  set(value: T): void {
    if (!this.isLoaded) {
      this.isLoaded = true;
      this.calls = callsSoFar();
      this.fetch();
    } else if (isDefined(__isReentrant)) {
      this.refresh();
    }
    this.isAssigned = true;
    this.value = value;
  }

  /** Takes over what another call of this contract has stored meanwhile. */
  private refresh(): void {
    if (this.calls == callsSoFar()) return;
    this.calls = callsSoFar();
    if (!find(fieldKey(this.name))) return;
    const at = load<usize>(RESULT, 4);
    const length = load<u32>(RESULT, 8);
    if (this.isStored(at, length)) return;
    // The value was stored before the call: what differs now was changed in place since.
    if (this.isMutable()) {
      const now = new Writer();
      encode<T>(now, this.value);
      if (!this.isStored(now.pointer, now.length)) {
        panic("'" + this.name + "' was changed here and by a call that came in between");
      }
    }
    this.storedAt = at;
    this.storedLength = length;
    this.value = loaded<T>();
  }

  private isStored(at: usize, length: i32): bool {
    return length == this.storedLength && memory.compare(at, this.storedAt, length) == 0;
  }

  flush(): void {
    if (!this.isAssigned && !(this.isMutable() && this.isLoaded)) return;
    if (isDefined(__isReentrant)) this.refresh();
    const now = new Writer();
    encode<T>(now, this.value);
    if (this.isStored(now.pointer, now.length)) return;
    state_set(KEY, fieldKey(this.name), now.pointer, now.length);
    // A contract with @reentrant methods stores its fields before each call, and once more at the end.
    this.storedAt = now.pointer;
    this.storedLength = now.length;
    this.isAssigned = false;
  }
}
