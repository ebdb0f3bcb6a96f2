/**
 * A list in contract state. Only its length and the items touched are ever loaded.
 *
 * The length lies under the field's name, each item under its index.
 *
 * @module
 */
import { panic } from "./control";
import { fieldKey, itemKey } from "./key";
import { find, loaded, remove, save } from "./state";

export class List<T> {
  constructor(private name: string) {}

  get length(): i32 {
    return find(fieldKey(this.name)) ? loaded<u32>() : 0;
  }

  private check(index: i32): void {
    if (<u32>index >= <u32>this.length) panic("index out of range in '" + this.name + "'");
  }

  /** A copy of the item; an index out of range fails the call. */
  @operator("[]")
  get(index: i32): T {
    this.check(index);
    find(itemKey<u32>(this.name, index));
    return loaded<T>();
  }

  @operator("[]=")
  set(index: i32, value: T): void {
    this.check(index);
    save<T>(itemKey<u32>(this.name, index), value);
  }

  /** Appends and returns the new length. */
  push(value: T): i32 {
    const length = this.length;
    save<T>(itemKey<u32>(this.name, length), value);
    save<u32>(fieldKey(this.name), length + 1);
    return length + 1;
  }

  /** Removes and returns the last item; an empty list fails the call. */
  pop(): T {
    const last = this.length - 1;
    const value = this.get(last);
    remove(itemKey<u32>(this.name, last));
    save<u32>(fieldKey(this.name), last);
    return value;
  }
}
