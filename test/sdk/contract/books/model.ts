/**
 * What `fixtures/books/books.ts` does, in plain TypeScript: the same calls must give the same outcomes.
 *
 * @module
 */

const WIDE_MAX = 2n ** 128n - 1n;
const [LONG_MIN, LONG_MAX] = [-(2n ** 63n), 2n ** 63n - 1n];

export interface Line {
  readonly amount: bigint;
  readonly note: string | null;
  readonly parts: readonly number[];
}

export interface Ruled extends Line {
  readonly rule: number;
}

export interface Order {
  readonly owner: string;
  readonly kind: number;
  readonly lines: readonly Line[];
  readonly parent: Order | null;
  readonly version: number;
}

interface Written {
  readonly first: number;
  readonly second: bigint;
}

/** How a call ended: with a value, an error of the contract's own, or a panic. */
export type Outcome =
  | { readonly value: unknown; readonly events: readonly unknown[] }
  | { readonly error: string; readonly args: unknown }
  | { readonly panic: true };

const panic: Outcome = { panic: true };
const gave = (value: unknown, events: readonly unknown[] = []): Outcome => ({ value, events });

const totalOf = (order: Order): bigint => order.lines.reduce((sum, line) => sum + line.amount, 0n);
const weightOf = ({ parts }: Line): number => parts.reduce((sum, part) => sum + part, 0);
const asI8 = (value: number): number => Number(BigInt.asIntN(8, BigInt(value)));

export class Model {
  readonly #orders = new Map<bigint, Order>();
  readonly #held = new Map<string, bigint>();
  readonly #journal: Written[] = [];
  readonly #wide = new Map<bigint, { key: number; counts: number[] }>();
  readonly #letters = new Map<string, number[]>();
  readonly #seen = new Set<bigint>();
  readonly #ruled = new Map<string, Map<string, Ruled>>();
  readonly #done = new Map<number, number>();
  #next = 0n;
  #sum = 0n;
  #last: unknown = null;
  #name = "名";

  place(_: string, order: Order): Outcome {
    // Written first as the contract does; both fail together.
    if (totalOf(order) > WIDE_MAX) return panic;
    const id = this.#next++;
    this.#orders.set(id, order);
    const kind = asI8(order.kind);
    this.#done.set(kind, (this.#done.get(kind) ?? 0) + 1);
    const kinds: number[] = [];
    for (let up: Order | null = order; up !== null; up = up.parent) kinds.push(up.kind);
    return gave(id, [{ name: "Placed", args: { id, total: totalOf(order), kinds } }]);
  }

  drop(_: string, id: bigint): Outcome {
    const order = this.#orders.get(id) ?? null;
    this.#orders.delete(id);
    return gave(order);
  }

  ordersOf(_: string, owner: string): Outcome {
    return gave(this.#ids((order) => order.owner === owner));
  }

  costing(_: string, from: bigint, to: bigint): Outcome {
    const ids = this.#ids((order) => totalOf(order) >= from && totalOf(order) < to);
    const total = (id: bigint): bigint => totalOf(this.#orders.get(id) as Order);
    return gave(ids.toSorted((a, b) => Number(total(a) > total(b)) - Number(total(a) < total(b))));
  }

  noted(_: string, note: string): Outcome {
    return gave(this.#ids(({ lines }) => lines.some((line) => line.note === note)));
  }

  weightOf(_: string, id: bigint): Outcome {
    const order = this.#orders.get(id);
    if (!order) return panic;
    let weight = 0;
    for (const { parts } of order.lines) {
      weight += parts.reduce((sum, part) => sum + part, 0);
      if (weight > 30_000) break;
    }
    return gave(weight);
  }

  mint(caller: string, amount: bigint): Outcome {
    const sum = (this.#held.get(caller) ?? 0n) + amount;
    if (sum > WIDE_MAX) return panic;
    this.#held.set(caller, sum);
    return gave(undefined);
  }

  pay(caller: string, to: string, amount: bigint): Outcome {
    const have = this.#held.get(caller) ?? 0n;
    if (have < amount) return { error: "TooLow", args: { have, need: amount } };
    this.#held.set(caller, have - amount);
    this.#held.set(to, BigInt.asUintN(128, (this.#held.get(to) ?? 0n) + amount));
    return gave(undefined);
  }

  heldBy(_: string, who: string): Outcome {
    return gave(this.#held.get(who) ?? 0n);
  }

  shift(_: string, by: bigint): Outcome {
    const sum = this.#sum + by;
    if (sum < LONG_MIN || sum > LONG_MAX) return panic;
    this.#sum = sum;
    return gave(sum);
  }

  write(_: string, key: number, value: bigint): Outcome {
    const length = this.#journal.push({ first: key, second: value });
    this.#wide.set(value, { key, counts: [length, key] });
    return gave(length);
  }

  strike(): Outcome {
    const last = this.#journal.pop();
    return last ? gave(last) : panic;
  }

  written(_: string, index: number): Outcome {
    const found = index < 0 ? undefined : this.#journal[index];
    return found ? gave(found) : panic;
  }

  wide(_: string, value: bigint): Outcome {
    return gave(this.#wide.get(value) ?? null);
  }

  keep(_: string, widths: unknown): Outcome {
    const before = this.#last;
    this.#last = widths;
    return gave(before);
  }

  fails(_: string, why: string): Outcome {
    if (this.#last === null) return panic;
    return { error: "Fehlgeschlagen", args: { why: why + this.#name, widths: this.#last } };
  }

  call(_: string, name: string): Outcome {
    const before = this.#name;
    this.#name = name;
    // The contract loops over code points, and takes the first code unit of each.
    const letters = Array.from(name, (letter) => letter.charCodeAt(0) & 255);
    this.#letters.set(before, letters);
    return gave(before);
  }

  called(_: string, name: string): Outcome {
    return gave(this.#letters.get(name) ?? []);
  }

  rule(caller: string, under: string, line: Ruled): Outcome {
    const own = this.#ruled.get(caller) ?? new Map<string, Ruled>();
    this.#ruled.set(caller, own);
    const before = own.get(under) ?? null;
    if (weightOf(line) === 0) own.delete(under);
    else own.set(under, line);
    return gave(before);
  }

  rulesOf(_: string, who: string): Outcome {
    const bytes = (text: string): Buffer => Buffer.from(text);
    const own = [...(this.#ruled.get(who) ?? [])].toSorted(([left], [right]) =>
      Buffer.compare(bytes(left), bytes(right)),
    );
    return gave(own.map(([under, line]) => ({ first: under, second: weightOf(line) })));
  }

  see(_: string, number: bigint): Outcome {
    const isNew = !this.#seen.has(number);
    this.#seen.add(number);
    return gave(isNew);
  }

  forget(_: string, number: bigint): Outcome {
    return gave(this.#seen.delete(number));
  }

  seenBetween(_: string, from: bigint, to: bigint): Outcome {
    const found = [...this.#seen].filter((each) => each >= from && each < to);
    return gave(found.toSorted((a, b) => Number(a > b) - Number(a < b)));
  }

  doneOf(_: string, key: number): Outcome {
    return gave({ first: `#${key}`, second: this.#done.get(key) ?? 0 });
  }

  #ids(takes: (order: Order) => boolean): bigint[] {
    return [...this.#orders].filter(([, order]) => takes(order)).map(([id]) => id);
  }
}
