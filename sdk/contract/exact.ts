/**
 * Whether an object is of the very class that it is declared as.
 *
 * Values are stored and passed by the fields of the declared class. An object of a subclass would bring
 * fields that nobody expects there, or lose them without a sound.
 *
 * @module
 */
import { panic } from "./control";
import { OBJECT, TOTAL_OVERHEAD } from "rt/common";

export function exactly<T>(value: T): void {
  // @ts-ignore: the build gives this method to every class that another one extends
  if (isDefined(value.__isExtended)) {
    const id = changetype<OBJECT>(changetype<usize>(value) - TOTAL_OVERHEAD).rtId;
    if (id != idof<T>()) panic("a class that extends '" + nameof<T>() + "' stands for it");
  }
}
