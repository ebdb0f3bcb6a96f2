/**
 * Mistakes in values, events, errors and collections, and their places.
 *
 * @module
 */
import { around, query, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

refuses([
  [
    "HRM3201",
    "a class without @data",
    `export class P { x: u32 = 0; }\n${around("@query q(): P { return new P(); }")}`,
    "P { return",
  ],
  [
    "HRM3201",
    "an event as a value",
    `@event export class P {}\n${around("@query q(): P { return new P(); }")}`,
    "P { return",
  ],
  ["HRM3202", "a map as argument", around("@query q(a: Map<string, u32>): void {}"), "Map<"],
  ["HRM3202", "a pointer-sized integer", around("@query q(a: usize): void {}"), "usize"],
  [
    "HRM3202",
    "a map inside @data",
    `@data export class P { constructor(public m: Map<u32, u32>) {} }\n${around("@query q(a: P): void {}")}`,
    "Map<",
  ],
  ["HRM3202", "a function", around("@query q(a: () => void): void {}"), "() =>"],
  ["HRM3204", "two marks on a class", `@data @event export class P {}\n${around("")}`, "P {}"],
  [
    "HRM3204",
    "a @data class that extends what is not the author's",
    `@data export class P extends Error {}\n${around("")}`,
    "Error {}",
  ],
  [
    "HRM3212",
    "a generic event",
    `@event export class P<T> { constructor(public x: T) {} }\n${around("")}`,
    "P<T>",
  ],
  [
    "HRM3212",
    "a generic error",
    `@error export class P<T> { constructor(public x: T) {} }\n${around("")}`,
    "P<T>",
  ],
  [
    "HRM3211",
    "two @data classes of one name",
    `namespace n { @data export class P { y: u32 = 0; } }\n@data export class P { x: u32 = 0; }\n${around("@query q(a: n.P, b: P): void {}")}`,
    "P { x",
  ],
  ["HRM3214", "a collection made by hand", query('new Mapping<u32, u32>("m");'), "new Mapping"],
  [
    "HRM3205",
    "emitting what is no event",
    `@data export class P {}\n${around("@command c(): void { emit(new P()); }")}`,
    "new P",
  ],
  [
    "HRM3206",
    "throwing what is no error",
    `@data export class P {}\n${around("@command c(): void { throw new P(); }")}`,
    "new P",
  ],
  ["HRM3206", "throwing a variable", query('const e = new Error("x"); throw e;'), "e; return"],
  [
    "HRM3207",
    "changing a copy",
    `@data export class P { x: u32 = 0; }\n${around("m!: Mapping<u32, P>; @command c(): void { this.m.get(1).x = 5; }")}`,
    "this.m",
  ],
  [
    "HRM3207",
    "counting up in a copy",
    `@data export class P { x: u32 = 0; }\n${around("m!: List<P>; @command c(): void { this.m[1].x++; }")}`,
    "this.m",
  ],
  [
    "HRM3210",
    "an IndexedMap of values that name no index",
    `@data export class P {}\n${around("m!: IndexedMap<u32, P>;")}`,
    "P>",
  ],
  ["HRM3210", "an IndexedMap of numbers", around("m!: IndexedMap<u32, u64>;"), "u64"],
  [
    "HRM3209",
    "an event of unknown visibility",
    `@event("all") export class P {}\n${around("")}`,
    "@event",
  ],
]);
