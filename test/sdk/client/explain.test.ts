/**
 * Every coded failure has words, and the words stand in docs/errors.md.
 *
 * @module
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faults } from "#protocol/faults.ts";
import { clientErrors } from "#sdk/client/errors/client-errors.ts";
import { explain, explanations } from "#sdk/client/index.ts";
import { kitErrors } from "#sdk/testing/errors/kit-error.ts";
import { advice } from "#sdk/transform/problem.ts";
import { workerCodes } from "#worker/codes.ts";

const root = join(import.meta.dirname, "..", "..", "..");

const tables: [string, readonly string[]][] = [
  ["fault of the enclave", Object.values(faults).map(({ number }) => `HRM${1000 + number}`)],
  ["failure of the client", Object.values(clientErrors).map(({ number }) => `HRM${number}`)],
  ["rule of the build", Object.keys(advice)],
  [
    "failure of the worker process and the command",
    Object.values(workerCodes).map((n) => `HRM${n}`),
  ],
  ["failure of the test kit", Object.values(kitErrors).map((n) => `HRM${n}`)],
];

describe("explain()", () => {
  it.each(tables)("has an entry for every %s, and for nothing else of that range", (_, codes) => {
    expect(codes.length).toBeGreaterThan(10);
    const range = codes[0]?.slice(0, 4) ?? "";
    const explained = explanations()
      .map(({ code }) => code)
      .filter((code) => code.startsWith(range));
    expect(explained).toEqual([...codes].toSorted());
  });

  it("knows every code that the sources name", () => {
    const files = globSync("{runtime,host,worker,sdk}/**/*.ts", { cwd: root });
    const named = files.flatMap(
      (file) => readFileSync(join(root, file), "utf8").match(/\bHRM\d{4}\b/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((code) => explain(code) === undefined)).toEqual([]);
  });

  it("finds an entry by code or name, in any case", () => {
    expect(explain("hrm1301")).toMatchObject({ code: "HRM1301", name: "OUT_OF_GAS" });
    expect(explain(" out_of_gas ")?.code).toBe("HRM1301");
    expect(explain("SIMULATED_REFUSED")?.code).toBe("HRM2101");
    for (const unknown of ["", "HRM9999", "toString", "__proto__"])
      expect(explain(unknown)).toBeUndefined();
  });

  it("writes titles without and sentences with a full stop, in plain text", () => {
    for (const { code, title, why, fix } of explanations()) {
      expect(title, code).not.toMatch(/[.!]$/);
      for (const sentence of [why, fix]) expect(sentence, code).toMatch(/[.;]$|\.`?$/);
      expect(title + why + fix, code).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe("docs/errors.md", () => {
  it("is what the tables say; UPDATE_DOCS=1 writes it", () => {
    const path = join(root, "docs", "errors.md");
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(path, reference());
    expect(readFileSync(path, "utf8")).toBe(reference());
  });
});

function reference(): string {
  const chapters: Readonly<Record<string, string>> = {
    HRM1: "HRM1NNN: the enclave",
    HRM2: "HRM2NNN: the client",
    HRM3: "HRM3NNN: building contracts",
    HRM4: "HRM4NNN: the worker process and the command",
    HRM5: "HRM5NNN: the test kit",
  };
  const parts = Object.entries(chapters).map(([prefix, title]) => {
    const entries = explanations().filter(({ code }) => code.startsWith(prefix));
    return [`## ${title}`, ...entries.map(section)].join("\n\n");
  });
  const intro =
    "Every failure has a code. `hermetic explain CODE` prints the same text offline.\n" +
    "This page is written by `test/sdk/client/explain.test.ts` from `sdk/client/explain/`.";
  return `${["# Errors", intro, ...parts].join("\n\n")}\n`;
}

function section({ code, name, title, why, fix }: ReturnType<typeof explanations>[number]): string {
  const named = name === "" ? "" : ` (\`${name}\`)`;
  return `### ${code}\n\n**${title}**${named}. ${why}\n\n${fix}`;
}
