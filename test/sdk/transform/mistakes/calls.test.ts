/**
 * Mistakes in calls of other contracts, and their places.
 *
 * @module
 */
import { around, query, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

refuses([
  [
    "HRM3401",
    "a call of another contract without its class",
    query("contracts.at(ctx.self());"),
    "contracts.at(",
  ],
  [
    "HRM3401",
    "a call of a class that is no contract",
    `class Plain {}\n${query("contracts.tryAt<Plain>(ctx.self());")}`,
    "Plain>(",
  ],
  [
    "HRM3401",
    "a call of an interface without kinds",
    `interface Loose { pay(): void }\n${query("contracts.at<Loose>(ctx.self());")}`,
    "Loose>(",
  ],
  [
    "HRM3402",
    "a call of a method that cannot be called from outside",
    `interface Payee { pay(): Command<void>; other(): void }\n${query("contracts.at<Payee>(ctx.self()).other();")}`,
    "other();",
  ],
  [
    "HRM3402",
    "the same through a local",
    `interface Payee { pay(): Command<void> }\n${query("const p = contracts.at<Payee>(ctx.self()); p.other();")}`,
    "other();",
  ],
  [
    "HRM3404",
    "another contract under its own type",
    `interface Payee { pay(): Command<void> }\n${query("const p: Payee = contracts.at<Payee>(ctx.self()); p.pay();")}`,
    "contracts.at<Payee>(",
  ],
  ["HRM3403", "@reentrant on @init", around("@init @reentrant open(): void {}"), "@reentrant"],
  ["HRM3403", "@reentrant on no method of a kind", around("@reentrant m(): void {}"), "@reentrant"],
  [
    "HRM3403",
    "@reentrant with a value",
    around('@query @reentrant("x") q(): void {}'),
    "@reentrant",
  ],
  [
    "HRM3403",
    "@reentrant on a name outside ASCII",
    around("@query @reentrant zähle(): void {}"),
    "@reentrant",
  ],
  [
    "HRM3405",
    "a field read before a call, in an assignment",
    `interface Payee { pay(): Command<u64> }\n${around("x: u64 = 0; @command @reentrant go(): void { this.x += contracts.at<Payee>(ctx.self()).pay(); }")}`,
    "this.x +=",
  ],
  [
    "HRM3405",
    "a field read before a call, in a sum",
    `interface Payee { pay(): Command<u64> }\n${around("x: u64 = 0; @query @reentrant q(): void {} @command go(): u64 { const p = contracts.at<Payee>(ctx.self()); return 2 * this.x + p.pay(); }")}`,
    "2 * this.x",
  ],
  [
    "HRM3406",
    "a planned call of another class",
    `interface Other { go(): Command<void> }\n${query("schedule.call<Other>(9).go();")}`,
    "Other>(",
  ],
  [
    "HRM3402",
    "a planned query",
    around("@query q(): void {} @command c(): void { schedule.call<C>(9).q(); }"),
    "q(); }",
  ],
]);
