/**
 * HRM3NNN: failures of building and checking contracts.
 *
 * @module
 */
import type { Explanation } from "#sdk/client/explain/explanation.ts";
import { languageTable } from "#sdk/client/explain/language.ts";

export const buildTable: Readonly<Record<string, Explanation>> = {
  HRM3001: {
    title: "The contract does not compile",
    why: "The AssemblyScript compiler found errors in the source.",
    fix: "Correct the errors that the compiler reports.",
  },
  HRM3002: {
    title: "An import leads nowhere",
    why: "There is no file or package at the path that is imported.",
    fix: 'Write `import { … } from "./file"` with a path that exists, or install the package.',
  },
  HRM3003: {
    title: "The file holds no contract",
    why: "A contract is the class marked @contract, and there is none.",
    fix: "Put `@contract` before the exported class of the contract.",
  },
  HRM3004: {
    title: "The file holds two contracts",
    why: "Artefacts are named after their file, so a file has one contract.",
    fix: "Keep one `@contract` class in a file; move the other to a file of its own.",
  },
  HRM3005: {
    title: "Two copies of the compiler are installed",
    why: "The build would mix parts of both.",
    fix: "Run `npm dedupe`, so that one copy of `assemblyscript` remains.",
  },
  HRM3006: {
    title: "Two contracts would be written to the same file",
    why: "Output files are named after source files, whatever folder those are in.",
    fix: "Rename one of the contracts, so that their output files differ.",
  },
  HRM3007: {
    title: "The contract uses something outside of its sandbox",
    why: "Only the host functions of hermetic/contract exist inside an enclave.",
    fix: "Use what `hermetic/contract` offers; a contract reaches nothing else.",
  },
  HRM3008: {
    title: "The compiler failed",
    why: "It stopped with an error of its own instead of a message about the source.",
    fix: "Write the method that is named in another way, and report it to us: the compiler itself has failed.",
  },
  HRM3009: {
    title: "There is no contract at this path",
    why: "Neither the file nor any file below the directory holds a @contract class.",
    fix: "Give the path of a contract file, or of a directory that holds one.",
  },
  HRM3010: {
    title: "A host function is declared wrongly",
    why: "Its name or signature is not one that the enclave offers.",
    fix: "Call only host functions that `hermetic/contract` declares, with their signatures.",
  },
  HRM3011: {
    title: "A unit test in AssemblyScript needs a host",
    why: "Files named *.as.test.ts run without a world: they have no state, no caller, no time and no web.",
    fix: "Move what is pure into a file of its own, and test the rest through the contract in a world.",
  },
  HRM3101: {
    title: "The contract is not exported",
    why: "Only exported classes take part in the build.",
    fix: "Write `@contract export class`.",
  },
  HRM3102: {
    title: "A method has two kinds",
    why: "A method runs once at deployment, changes state or reads it, and only one of these.",
    fix: "Keep one of `@init`, `@command` and `@query` on the method.",
  },
  HRM3103: {
    title: "A method cannot be called from outside",
    why: "Calls name public methods with plain parameters.",
    fix: "Make the method public, not static, not generic and not a getter or setter.",
  },
  HRM3104: {
    title: "A state field has no type",
    why: "The type decides how the field is stored.",
    fix: "Give it a type, as in `count: u64 = 0` or `add(amount: u64): void`: only locals infer theirs.",
  },
  HRM3105: {
    title: "A state field has no first value",
    why: "Before the first write, reading the field must give something.",
    fix: "Give the field a first value, as in `count: u64 = 0`.",
  },
  HRM3106: {
    title: "A parameter may be left out",
    why: "Callers send every argument; the ABI has no defaults.",
    fix: "Drop the default and pass the value, or take `T | null` and test for null.",
  },
  HRM3107: {
    title: "@only does not name a field",
    why: "It compares the caller with the account in a state field.",
    fix: 'Name a state field of type `Account`, as in `@only("owner")`.',
  },
  HRM3108: {
    title: "There is a second @init or @migrate",
    why: "One runs at deployment, the other at an upgrade, once each.",
    fix: "Keep one `@init` and one `@migrate` method; they may call others.",
  },
  HRM3109: {
    title: "The contract has a constructor",
    why: "The contract's object is made anew for every call, so a constructor would run every time.",
    fix: "Remove the constructor: give fields first values and do the rest in `@init`.",
  },
  HRM3110: {
    title: "The contract is generic, or extends what it cannot",
    why: "A contract is one class at run time, and all its state must be declared in the author's files.",
    fix: "Extend classes of your own files, and put type parameters into these: `class Main extends Registry<u64>`.",
  },
  HRM3111: {
    title: "A name is reserved",
    why: "Names with two leading underscores belong to the generated code.",
    fix: "Choose a name that does not start with `__`.",
  },
  HRM3113: {
    title: "A name is used twice",
    why: "Methods, fields, events and errors share the contract's names.",
    fix: "Rename one of the two: a name means one thing in a contract.",
  },
  HRM3114: {
    title: "A collection is declared wrongly",
    why: "Collections are views of the state: they are never assigned, copied or null.",
    fix: "Write the collection as `items!: Mapping<K, V>`, not null and without a value.",
  },
  HRM3115: {
    title: "@only stands on something that is not called",
    why: "It restricts who may call a method from outside.",
    fix: "Add `@command` or `@query`, which `@only` restricts; the owner alone upgrades.",
  },
  HRM3116: {
    title: "@was does not name the former field",
    why: "A renamed field keeps its data only if its former name is known.",
    fix: 'Put the former name as text, as in `@was("oldName")`.',
  },
  HRM3117: {
    title: "A method named init is not marked @init",
    why: "It would not run at deployment, which its name promises.",
    fix: "Rename the method `init`, or mark it `@init`.",
  },
  HRM3118: {
    title: "A method that plans itself has parameters",
    why: "The cluster calls it every so many heights, and has nothing to pass.",
    fix: "Keep what the method needs in state, or plan a `@scheduled` method with `schedule.call`.",
  },
  HRM3119: {
    title: "@every does not say how many heights",
    why: "It takes whole numbers: heights from one run to the next, and optionally the gas of a run.",
    fix: "Write `@every(100)` or `@every(100, 2_000_000)`.",
  },
  HRM3120: {
    title: "There is no such decorator",
    why: "The compiler passes over decorators it does not know, so a misspelt @only would leave its method open to everybody.",
    fix: "Correct the name, or remove it: a decorator that is not known would do nothing.",
  },
  HRM3121: {
    title: "A decorator stands where it means nothing",
    why: "It is before the wrong kind of declaration, there twice, or has arguments that nobody reads.",
    fix: "Remove it, or put it before what it is for: methods have a kind and `@only`, fields `@was` and `@transient`.",
  },
  HRM3122: {
    title: "An override is marked otherwise than what it overrides",
    why: "Callers of the base would be held to other rules than callers of the override.",
    fix: "Mark it exactly as there, or leave the decorators out.",
  },
  HRM3123: {
    title: "A contract is made by hand",
    why: "The runtime makes it for each call; another one would never store what it changes.",
    fix: "Use `this`, and put what several contracts share into functions or a class that they extend.",
  },
  HRM3124: {
    title: "@grant does not say what the contract may ask",
    why: "The enclave lets a contract ask only what its grants name, so each of them must be exact.",
    fix: 'Write the origin and what is asked of it, as in `@grant("https://api.example", { methods: ["GET"], headers: ["x-api-key"] })`.',
  },
  HRM3125: {
    title: "The contract has no method that can be called",
    why: "A method without a decorator is for the contract's own use. This is a warning: the contract builds.",
    fix: "Mark what may be called from outside: `@query` for what only reads, `@command` for what changes state.",
  },
  ...languageTable,
};
