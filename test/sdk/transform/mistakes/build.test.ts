/**
 * Mistakes in what a contract imports, and their places.
 *
 * @module
 */
import { around, query, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

refuses([
  ["HRM3004", "two contracts in a file", `${around("")}\n@contract export class D {}`, "D {}"],
  ["HRM3002", "a missing file", `import { a } from "./nope";\n${query("a();")}`, '"./nope"'],
  ["HRM3002", "a missing package", `import { a } from "nope";\n${query("a();")}`, '"nope"'],
  [
    "HRM3007",
    "an import of the author's own",
    `export declare function evil(): void;\n${query("evil();")}`,
    "evil(): void",
  ],
]);
