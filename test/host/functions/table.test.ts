/**
 * One world in four places: the WIT file, the SDK's declarations, the table that admission compares imports
 * with, and the table of host functions. They are compared here, so that none can lag behind.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostFunctionKeys, hostFunctions } from "#host/functions/table.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const sdk = readFileSync(join(root, "sdk", "contract", "imports.ts"), "utf8");
const wit = readFileSync(join(root, "sdk", "wit", "contract.wit"), "utf8");

const CORE: Readonly<Record<string, string>> = { u64: "I", i64: "I", void: "" };
const core = (type: string): string => CORE[type] ?? "i";

/** `group.name` of every function that the SDK declares, with its core signature. */
function declared(): Map<string, string> {
  const declarations = sdk.matchAll(/^export declare function (\w+)\(([^)]*)\): (\w+);/gm);
  return new Map(
    [...declarations].map(([, name = "", parameters = "", result = ""]) => {
      const [group, ...words] = name.split("_");
      const types = [...parameters.matchAll(/: (\w+)/g)].map(([, type = ""]) => core(type));
      return [`${group}.${words.join("-")}`, `${types.join("")}:${core(result)}`];
    }),
  );
}

/** `group.name` of every function in the WIT file. */
function described(): string[] {
  const groups = wit.matchAll(/^interface ([a-z-]+) \{(.*?)^\}/gms);
  return [...groups].flatMap(([, group = "", body = ""]) =>
    [...body.matchAll(/^ {2}([a-z0-9-]+): func/gm)].map(([, name = ""]) => `${group}.${name}`),
  );
}

describe("hostFunctions", () => {
  it("has a row for each import of the SDK, with its signature, and no other", () => {
    const rows = hostFunctionKeys.map((key) => {
      const { params, results } = hostFunctions[key];
      return [key, `${params}:${results}`] as const;
    });
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(declared()));
  });

  it("has a row for each function of the WIT file, imported from where it is there", () => {
    expect([...hostFunctionKeys].toSorted()).toEqual(described().toSorted());
    const [, version] = /^package hermetic:contract@([\d.]+);/m.exec(wit) ?? [];
    for (const key of hostFunctionKeys) {
      const { module, name } = hostFunctions[key];
      const [group] = key.split(".");
      expect(`${module}#${name}`).toBe(
        `hermetic:contract/${group}@${version}#${key.slice(key.indexOf(".") + 1)}`,
      );
      expect(wit).toContain(`  import ${group};\n`);
    }
  });

  it("prices every row, and lets a query do all but write", () => {
    for (const key of hostFunctionKeys) expect(hostFunctions[key].price.fixed).toBeGreaterThan(0);
    const refused = hostFunctionKeys.filter((key) => !hostFunctions[key].modes.includes("query"));
    expect(refused.slice(0, 3)).toEqual(["state.set", "state.remove", "events.emit"]);
    const harmless = /^(context|crypto|keys|secrets|logging|control|http)\./;
    expect(refused.filter((key) => harmless.test(key))).toEqual([]);
    expect(hostFunctionKeys.filter((key) => !hostFunctions[key].modes.includes("command"))).toEqual(
      [],
    );
  });
});
