/**
 * Arithmetic that fails the call where plain operators wrap around silently.
 *
 * For u8 to u64, i8 to i64, u128 and u256.
 *
 * @module
 */
import { panic } from "./control";

function overflow(operation: string): void {
  panic("checked." + operation + ": the result does not fit");
}

export namespace checked {
  export function add<T>(left: T, right: T): T {
    // @ts-ignore: numbers, or classes with operators
    const sum = <T>(left + right);
    if (isInteger<T>() && isSigned<T>()) {
      // The signs of both operands differ from that of the sum.
      if (((left ^ sum) & (right ^ sum)) < 0) overflow("add");
      // @ts-ignore: as above
    } else if (sum < left) {
      overflow("add");
    }
    return sum;
  }

  export function sub<T>(left: T, right: T): T {
    // @ts-ignore: as above
    const difference = <T>(left - right);
    if (isInteger<T>() && isSigned<T>()) {
      if (((left ^ right) & (left ^ difference)) < 0) overflow("sub");
      // @ts-ignore: as above
    } else if (left < right) {
      overflow("sub");
    }
    return difference;
  }

  export function mul<T>(left: T, right: T): T {
    // @ts-ignore: as above
    const product = <T>(left * right);
    if (isInteger<T>()) {
      if (isSigned<T>()) {
        // The lowest number divided by -1 traps, so this pair comes first.
        if (left == -1 ? product == right && right != 0 : left != 0 && product / left != right) {
          overflow("mul");
        }
      } else if (left != 0 && product / left != right) {
        overflow("mul");
      }
      // @ts-ignore: as above
    } else if (!left.isZero() && product / left != right) {
      overflow("mul");
    }
    return product;
  }
}
