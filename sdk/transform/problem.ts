/**
 * What is wrong with a contract: the code, the place and the words.
 *
 * @module
 */
import type * as asc from "assemblyscript";

/** A mistake found by our own rules; the compiler's own messages have their own form. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly range: asc.Range | null;
}

/**
 * Every rule, and one sentence on how to write it instead. Numbers are never reused.
 * HRM30xx build, HRM31xx contract classes, HRM32xx values, HRM33xx language, HRM34xx calls of other contracts.
 */
export const advice = {
  HRM3001: "Correct the errors that the compiler reports.",
  HRM3002: 'Write `import { … } from "./file"` with a path that exists, or install the package.',
  HRM3003: "Put `@contract` before the exported class of the contract.",
  HRM3004: "Keep one `@contract` class in a file; move the other to a file of its own.",
  HRM3005: "Run `npm dedupe`, so that one copy of `assemblyscript` remains.",
  HRM3006: "Rename one of the contracts, so that their output files differ.",
  HRM3007: "Use what `hermetic/contract` offers; a contract reaches nothing else.",
  HRM3008: "Write this method in another way, and report it to us: the compiler itself has failed.",
  HRM3009: "Give the path of a contract file, or of a directory that holds one.",
  HRM3010: "Call only host functions that `hermetic/contract` declares, with their signatures.",
  HRM3011:
    "Move what is pure into a file of its own, and test the rest through the contract in a world.",

  HRM3101: "Write `@contract export class`.",
  HRM3102: "Keep one of `@init`, `@command` and `@query` on the method.",
  HRM3103: "Make the method public, not static, not generic and not a getter or setter.",
  HRM3104:
    "Give it a type, as in `count: u64 = 0` or `add(amount: u64): void`: only locals infer theirs.",
  HRM3105: "Give the field a first value, as in `count: u64 = 0`.",
  HRM3106: "Drop the default and pass the value, or take `T | null` and test for null.",
  HRM3107: 'Name a state field of type `Account`, as in `@only("owner")`.',
  HRM3108: "Keep one `@init` and one `@migrate` method; they may call others.",
  HRM3109: "Remove the constructor: give fields first values and do the rest in `@init`.",
  HRM3110:
    "Extend classes of your own files that are no collections, and put type parameters into these: `class Main extends Registry<u64>`.",
  HRM3111: "Choose a name that does not start with `__`.",
  HRM3113: "Rename one of the two: a name means one thing in a contract.",
  HRM3114: "Write the collection as `items!: Mapping<K, V>`, not null and without a value.",
  HRM3115: "Add `@command` or `@query`, which `@only` restricts; the owner alone upgrades.",
  HRM3116: 'Put the former name as text, as in `@was("oldName")`.',
  HRM3117: "Mark the method `@init`, or give it another name.",
  HRM3118:
    "Keep what the method needs in state, or plan a `@scheduled` method with `schedule.call`.",
  HRM3120: "Correct the name, or remove it: a decorator that is not known would do nothing.",
  HRM3121:
    "Remove it, or put it before what it is for: methods have a kind and `@only`, fields `@was` and `@transient`.",
  HRM3119: "Write whole numbers, as in `@every(100)` or `@every(100, 2_000_000)` with its gas.",

  HRM3122:
    "Mark it exactly as there, or leave the decorators out: an override is called like what it overrides.",
  HRM3123:
    "Use `this`, and put what several contracts share into functions or a class that they extend.",
  HRM3124:
    'Write the origin and what is asked of it, as in `@grant("https://api.example", { methods: ["GET"], headers: ["x-api-key"] })`.',

  HRM3125:
    "Mark what may be called from outside: `@query` for what only reads, `@command` for what changes state.",

  HRM3201: "Put `@data` before the class and export it.",
  HRM3202:
    "Use bool, u8…u256, i8…i64, f32, f64, string, bytes, Account, arrays, `T | null` and `@data` classes.",
  HRM3204: "Keep one of `@data`, `@event` and `@error`, and extend classes of your own files only.",
  HRM3205: "Put `@event` before the class that is emitted.",
  HRM3206: 'Throw `new X()` of an `@error` class, or `new Error("text")`.',
  HRM3207:
    "Change a copy and store it: `const b = this.bids.get(k); b.amount = 5; this.bids.set(k, b);`.",
  HRM3208:
    "Use a number, bool, string, bytes or Account as key, or a `@data` class of these, as in `Mapping<Pair, u64>`.",
  HRM3209:
    'Write `@data`, `@error`, `@event`, or `@event("public")` for an event that everybody may read.',
  HRM3210:
    'Give the class a method `index(by: Indexes): void` that calls `by.key("name", this.field)` for each index, or use a `Mapping`.',
  HRM3211: "Rename one of them: clients tell types apart by their names.",
  HRM3212:
    "Name the types in a class of its own, which may extend a generic one: `@event export class Bought extends Pair<u32, string> {}`. Clients know events and errors by name.",
  HRM3213: "Move the shared fields into a class without `@contract`, and let both extend that.",
  HRM3214: "Declare it as a field, as in `bids!: Mapping<u64, Bid>`, and hand that on.",
  HRM3215:
    "Give one collection a key of both parts: `Mapping<Place, u64>` with `@data class Place { constructor(public owner: Account, public at: u64) {} }`; `within(new Place(owner, 0), 1)` has the entries of one owner.",
  HRM3216:
    "Name the class that is meant, or one class with all fields: a value is stored by the fields of the class that is written there.",
  HRM3217: "Use `range(from, to)`: only a key of a `@data` class has fields to begin with.",

  HRM3218: "Write `public` before it, which makes it a field, or use it in the constructor.",

  HRM3301: "Write `if (x !== null) { … }` instead of `?.`.",
  HRM3302: "Write `x !== null ? x : y` instead of `??`.",
  HRM3303: "Take the parts one by one: `const a = p.a;`.",
  HRM3304: "Leave out `async` and `await`: host functions return their results directly.",
  HRM3305:
    "Drop the `n`: `10` is an integer of the type that the place asks for; wider ones are `u128.from(…)`.",
  HRM3306:
    "Pass what the function needs as arguments, or keep it in a field: functions cannot capture locals.",
  HRM3307:
    "Test before you act: a failed call ends the whole call, and HTTP answers with `ok` and `error`.",
  HRM3308: "Name one class; a value that may be absent is `T | null`.",
  HRM3309: "Copy the items in a loop instead of `...`.",
  HRM3310: "Compare characters or use `indexOf`: there are no regular expressions.",
  HRM3311:
    "Loop over arrays, strings and `List`; of a `Map` or `Set` over `keys()` or `values()`; of a collection over the items of a page, as in `for (const entry of this.bids.entries().items)`.",
  HRM3312: "Use `0` or another value that cannot occur: numbers cannot be null.",
  HRM3313: "Copy the field to a local first: `const q = this.q; if (q !== null) { … }`.",
  HRM3314: "Convert on purpose, as in `<u32>value`, or use the wider type.",
  HRM3315: "Declare a class with these fields; objects need one.",
  HRM3316: "Use `ctx.random(n)`.",
  HRM3317: "Use `ctx.now()`, in Unix seconds.",
  HRM3318: "Use `log(Level.info, text)`.",
  HRM3319:
    "Put the inner loop into a method and `return` from it, or keep a `bool` that says when to stop.",
  HRM3320: "Count: `for (let i = 0; i < items.length; i++)`; the keys of a `Map` are in `keys()`.",
  HRM3321: "Write `Array<T | null>`.",
  HRM3323:
    "Write `checked.sub(this.balance, amount)`, or compare before and refuse what is too much.",
  HRM3324: "Choose another name, such as `account` or `source`.",
  HRM3325:
    "Write `u128.from(5)` or `u256.from(5)`, and `u128.Zero` for 0: wide integers have no literals.",
  HRM3326: "Write `amount.toString()`, or put it into a text in backquotes: `${amount}`.",
  HRM3327:
    "Use `get`, `set`, `has`, `delete` and pages, as in `this.bids.set(key, bid)`; keep a count in a field of its own.",
  HRM3328: "Keep it in a field of the contract, or make it `const` or `static readonly`.",
  HRM3329:
    "Gather what there is in an array, or give it page by page, with a cursor to go on from.",
  HRM3330: "Write `if (!a) a = b;` instead of `a ||= b`, and `if (a) a = b;` instead of `a &&= b`.",
  HRM3331:
    "Name the type that the value has: a class, `T[]`, `Map<K, V>`, an interface, or a type parameter `<T>`.",
  HRM3332: "Write `private x` instead of `#x`.",
  HRM3333: 'Write `import { X } from "./file"`, without `type`.',
  HRM3334:
    "Use `has`, `delete` and `keys` of a `Map` or `Mapping`, and `splice` of an array: an object has the fields of its class.",
  HRM3335:
    "Give each its own name, one of them a default for its last argument, or a type parameter `<T>`.",
  HRM3322: "Say what the function gives, as in `items.map<u64>((x) => x.amount)`.",

  HRM3401:
    "Name the other contract's class, as in `contracts.at<Token>(address)`: its `@contract` class, or an interface of methods that give `Command<…>` or `Query<…>`.",
  HRM3402: "Call a `@command` or `@query` method; nothing else of a contract can be reached.",
  HRM3403:
    "Write `@reentrant` without arguments on a `@command` or `@query` method with an ASCII name.",
  HRM3404:
    "Leave out the type, as in `const token = contracts.at<Token>(address)`, and pass on the address instead of the object.",
  HRM3405: "Take the answer first: `const answer = token.balance(); this.sum += answer;`.",
  HRM3406:
    "Name the `@contract` class of this file, as in `schedule.call<Auction>(height).settle(lot)`: a contract plans its own calls only.",
} as const;

export type ProblemCode = keyof typeof advice;
