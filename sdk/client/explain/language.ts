/**
 * HRM32NN and HRM33NN: values and language of contract sources.
 *
 * @module
 */
import type { Explanation } from "#sdk/client/explain/explanation.ts";

export const languageTable: Readonly<Record<string, Explanation>> = {
  HRM3201: {
    title: "A class is not marked @data",
    why: "Only @data classes can be stored, passed and returned.",
    fix: "Put `@data` before the class and export it.",
  },
  HRM3202: {
    title: "A type cannot cross the contract's boundary",
    why: "Callers and state have no form for it.",
    fix: "Use bool, u8…u256, i8…i64, f32, f64, string, bytes, Account, arrays, `T | null` and `@data` classes.",
  },
  HRM3204: {
    title: "A class has two roles, or extends what is not the author's",
    why: "Its fields in order, inherited ones first, are its encoding.",
    fix: "Keep one of `@data`, `@event` and `@error`, and extend classes of your own files only.",
  },
  HRM3205: {
    title: "Something that is no event is emitted",
    why: "Clients decode events by their declared fields.",
    fix: "Put `@event` before the class that is emitted.",
  },
  HRM3206: {
    title: "Something is thrown that is no error",
    why: "Callers decode a failure by the fields of its @error class.",
    fix: 'Throw `new X()` of an `@error` class, or `new Error("text")`.',
  },
  HRM3207: {
    title: "A copy of a stored value is changed",
    why: "What a collection returns is a copy, so the change would be lost.",
    fix: "Change a copy and store it: `const b = this.bids.get(k); b.amount = 5; this.bids.set(k, b);`.",
  },
  HRM3208: {
    title: "A type cannot be a key",
    why: "Keys need one byte form that keeps their order.",
    fix: "Use a number, bool, string, bytes or Account as key, or a `@data` class whose fields are all of these: its keys are in the order of the first field, then of the second, and so on.",
  },
  HRM3209: {
    title: "A decorator is used wrongly",
    why: "It does not take these arguments.",
    fix: 'Write `@data`, `@error`, `@event`, or `@event("public")` for an event that everybody may read.',
  },
  HRM3210: {
    title: "An IndexedMap holds values that name no index",
    why: "The class of the values says by what each is found.",
    fix: 'Give the class a method `index(by: Indexes): void` that calls `by.key("name", this.field)` for each index, or use a `Mapping`.',
  },
  HRM3211: {
    title: "Two @data classes have one name",
    why: "The interface lists types by name, so one of them would be taken for the other.",
    fix: "Rename one of them: clients tell types apart by their names.",
  },
  HRM3212: {
    title: "An event or error is generic",
    why: "It travels under the name of its class, which says nothing of type arguments.",
    fix: "Name the types in a class of its own, which may extend a generic one: `@event export class Bought extends Pair<u32, string> {}`.",
  },
  HRM3213: {
    title: "A value extends a contract",
    why: "The fields of a contract are its state, which no value has a part of.",
    fix: "Move the shared fields into a class without `@contract`, and let both extend that.",
  },
  HRM3214: {
    title: "A collection is made by hand",
    why: "It would share keys of the state with fields, unknown to the checks of an upgrade.",
    fix: "Declare it as a field, as in `bids!: Mapping<u64, Bid>`, and hand that on.",
  },
  HRM3215: {
    title: "A collection stands inside a collection or a value",
    why: "A collection is a stretch of the contract's state under a field's name, not a value that could be copied.",
    fix: "Give one collection a key of both parts, a `@data` class: `within(new Place(owner, 0), 1)` has the entries of one owner, in pages. A short list may be a value: `Mapping<Account, u64[]>`.",
  },
  HRM3216: {
    title: "An abstract class is the type of a value",
    why: "Values are stored and passed by the fields of the class that is declared, and do not say which subclass they are of.",
    fix: "Name the class that is meant, or one class with all fields and an enum that says which it is.",
  },
  HRM3217: {
    title: "within() is asked of keys that have no fields",
    why: "It gives the entries whose keys begin with the same fields; numbers, text and accounts are one piece.",
    fix: "Use `range(from, to)`, or a `@data` class as key.",
  },
  HRM3218: {
    title: "A value that the constructor takes is kept nowhere",
    why: "Only fields are stored and sent, and without `public` a parameter is none.",
    fix: "Write `public` before it, which makes it a field, or use it in the constructor.",
  },
  HRM3301: {
    title: "There is no ?. in AssemblyScript",
    why: "The language is a part of TypeScript that compiles ahead of time.",
    fix: "Write `if (x !== null) { … }` instead of `?.`.",
  },
  HRM3302: {
    title: "There is no ?? in AssemblyScript",
    why: "The language is a part of TypeScript that compiles ahead of time.",
    fix: "Write `x !== null ? x : y` instead of `??`.",
  },
  HRM3303: {
    title: "There is no destructuring in AssemblyScript",
    why: "The language is a part of TypeScript that compiles ahead of time.",
    fix: "Take the parts one by one: `const a = p.a;`.",
  },
  HRM3304: {
    title: "There is no async in AssemblyScript",
    why: "A contract that waits is suspended as a whole, so its code reads as if nothing waited.",
    fix: "Leave out `async` and `await`: host functions return their results directly.",
  },
  HRM3305: {
    title: "There are no bigint literals in AssemblyScript",
    why: "Integers have a fixed width, given by their type.",
    fix: "Drop the `n`: `10` is an integer of the type that the place asks for; wider ones are `u128.from(…)`.",
  },
  HRM3306: {
    title: "A function captures a local variable",
    why: "AssemblyScript has no closures.",
    fix: "Pass what the function needs as arguments, or keep it in a field: functions cannot capture locals.",
  },
  HRM3307: {
    title: "There is no try in AssemblyScript",
    why: "A failure undoes the whole call, so there is nothing to go on with.",
    fix: "Test before you act: a failed call ends the whole call, and HTTP answers with `ok` and `error`.",
  },
  HRM3308: {
    title: "There are no union types in AssemblyScript",
    why: "Every value has one type, known ahead of time.",
    fix: "Name one class; a value that may be absent is `T | null`.",
  },
  HRM3309: {
    title: "There is no spread in AssemblyScript",
    why: "The language is a part of TypeScript that compiles ahead of time.",
    fix: "Copy the items in a loop instead of `...`.",
  },
  HRM3310: {
    title: "There are no regular expressions in AssemblyScript",
    why: "Nothing in the language runs patterns.",
    fix: "Compare characters or use `indexOf`: there are no regular expressions.",
  },
  HRM3311: {
    title: "This cannot be looped over",
    why: "for … of works on what has a length and an index.",
    fix: "Loop over arrays, strings and `List`; of a `Map` or `Set` over `keys()` or `values()`; of a collection over the items of a page, as in `for (const entry of this.bids.entries().items)`.",
  },
  HRM3312: {
    title: "A number is made nullable",
    why: "Numbers have no value to spare for null.",
    fix: "Use `0` or another value that cannot occur: numbers cannot be null.",
  },
  HRM3313: {
    title: "A value may be null here",
    why: "The compiler does not know that a field is still not null after it was tested.",
    fix: "Copy the field to a local first: `const q = this.q; if (q !== null) { … }`.",
  },
  HRM3314: {
    title: "A conversion may lose something",
    why: "The target type is narrower or has another sign.",
    fix: "Convert on purpose, as in `<u32>value`, or use the wider type.",
  },
  HRM3315: {
    title: "An object has no class",
    why: "Every object's fields are known ahead of time by its class.",
    fix: "Declare a class with these fields; objects need one.",
  },
  HRM3316: {
    title: "Math.random is not there",
    why: "Every worker of a cluster must compute the same, so randomness comes from the enclave.",
    fix: "Use `ctx.random(n)`.",
  },
  HRM3317: {
    title: "Date is not there",
    why: "Every worker of a cluster must compute the same, so time comes from the log.",
    fix: "Use `ctx.now()`, in Unix seconds.",
  },
  HRM3318: {
    title: "console is not there",
    why: "What a contract logs is sealed for its caller and never shown to the operator.",
    fix: "Use `log(Level.info, text)`.",
  },
  HRM3319: {
    title: "There are no labels in AssemblyScript",
    why: "break and continue end the innermost loop.",
    fix: "Put the inner loop into a method and `return` from it, or keep a `bool` that says when to stop.",
  },
  HRM3320: {
    title: "There is no for … in in AssemblyScript",
    why: "Objects have no keys at run time: their fields are places in memory.",
    fix: "Count: `for (let i = 0; i < items.length; i++)`; the keys of a `Map` are in `keys()`.",
  },
  HRM3321: {
    title: "A result type begins with a bracket",
    why: "The compiler reads a bracket there as the beginning of a function's type.",
    fix: "Write `Array<T | null>`.",
  },
  HRM3322: {
    title: "A type argument is missing",
    why: "The compiler does not infer what a function without a declared result gives.",
    fix: "Say what the function gives, as in `items.map<u64>((x) => x.amount)`.",
  },
  HRM3323: {
    title: "Something is taken off a number that nothing compares",
    why: "Unsigned numbers wrap around below zero without a sound. This is a warning: the contract builds.",
    fix: "Write `checked.sub(this.balance, amount)`, or compare before and refuse what is too much.",
  },
  HRM3324: {
    title: "A word of the language stands where a name belongs",
    why: "TypeScript takes words such as `of`, `package` or `async` as names; the compiler of contracts does not.",
    fix: "Choose another name, such as `account` or `source`.",
  },
  HRM3325: {
    title: "A plain number stands where a wide integer belongs",
    why: "`u128` and `u256` are classes with operators, so a literal is no value of theirs.",
    fix: "Write `u128.from(5)` or `u256.from(5)`, and `u128.Zero` for 0.",
  },
  HRM3326: {
    title: "A number stands where a text belongs",
    why: "Numbers do not become texts by themselves.",
    fix: "Write `amount.toString()`, or put it into a text in backquotes: `${amount}`.",
  },
  HRM3327: {
    title: "A collection of state does not have that",
    why: "Collections are never loaded whole: they have no brackets, no size and no forEach.",
    fix: "Use `get`, `set`, `has`, `delete` and pages, as in `this.bids.set(key, bid)`; keep a count in a field of its own.",
  },
  HRM3328: {
    title: "A variable outside of the contract forgets with every call",
    why: "Each call runs in a fresh instance, and only the fields of the contract are kept. This is a warning: the contract builds.",
    fix: "Keep it in a field of the contract, or make it `const` or `static readonly`.",
  },
  HRM3329: {
    title: "There are no generators in AssemblyScript",
    why: "A function runs to its end before its caller goes on.",
    fix: "Gather what there is in an array, or give it page by page, with a cursor to go on from.",
  },
  HRM3330: {
    title: "There is no ||= and no &&= in AssemblyScript",
    why: "The language is a part of TypeScript that compiles ahead of time.",
    fix: "Write `if (!a) a = b;` instead of `a ||= b`, and `if (a) a = b;` instead of `a &&= b`.",
  },
  HRM3331: {
    title: "A type is computed from types",
    why: "Every value has one type, known ahead of time.",
    fix: "Name the type that the value has: a class, `T[]`, `Map<K, V>`, an interface, or a type parameter `<T>`.",
  },
  HRM3332: {
    title: "There are no # names in AssemblyScript",
    why: "The language is a part of TypeScript that compiles ahead of time.",
    fix: "Write `private x` instead of `#x`.",
  },
  HRM3333: {
    title: "There is no import type in AssemblyScript",
    why: "Types and values are imported alike, and what is not used is not in the code.",
    fix: 'Write `import { X } from "./file"`, without `type`.',
  },
  HRM3334: {
    title: "An object is asked for its keys",
    why: "Objects have no keys at run time: their fields are places in memory.",
    fix: "Use `has`, `delete` and `keys` of a `Map` or `Mapping`, and `splice` of an array.",
  },
  HRM3335: {
    title: "A function has no body, or several forms",
    why: "AssemblyScript has no overloads: a name is one function.",
    fix: "Give each its own name, one of them a default for its last argument, or a type parameter `<T>`.",
  },
  HRM3401: {
    title: "contracts.at does not say which contract it calls",
    why: "The calls are made from the methods of the other contract's class.",
    fix: "Name the `@contract` class, as in `contracts.at<Token>(address)`, or an interface of methods that give `Command<…>` or `Query<…>`.",
  },
  HRM3402: {
    title: "Another contract has nothing of that name to call",
    why: "Only its `@command` and `@query` methods can be reached from outside.",
    fix: "Call one of these methods; a value has to be given by a query.",
  },
  HRM3403: {
    title: "@reentrant stands where it means nothing",
    why: "It lets a `@command` or `@query` be called while another call of the contract has not returned.",
    fix: "Write `@reentrant` without arguments on such a method with an ASCII name.",
  },
  HRM3404: {
    title: "Another contract is held under its own type",
    why: "What contracts.at gives has the methods of the other contract, not its state: it is no object of that class.",
    fix: "Leave out the type, as in `const token = contracts.at<Token>(address)`, and pass on the address instead of the object.",
  },
  HRM3405: {
    title: "A field is read before a call that may change it",
    why: "Another call of the contract may store the field meanwhile, and would be undone.",
    fix: "Take the answer first: `const answer = token.balance(); this.sum += answer;`.",
  },
  HRM3406: {
    title: "schedule.call names another class than the contract",
    why: "The cluster calls what is planned as the contract itself, and nothing else.",
    fix: "Name the `@contract` class of this file, as in `schedule.call<Auction>(height).settle(lot)`.",
  },
};
