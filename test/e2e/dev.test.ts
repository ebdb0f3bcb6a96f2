/**
 * `hermetic dev`: what is saved is built and deployed, however an editor saves it.
 *
 * @module
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { spawnHermetic, type Line } from "#test/support/hermetic.ts";
import { Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 600_000 });

const contract = (value: string): string => `
@contract
export class Number {
  @query value(): u32 {
    return ${value};
  }
}
`;

/** Saves as many editors do: what is written takes the place of the file. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.draft`, text);
  renameSync(`${path}.draft`, path);
}

class Developer {
  readonly folder: string;
  readonly #child;
  #output = "";
  #read = 0;

  constructor(site: Site, entry: string) {
    this.folder = site.path("project");
    mkdirSync(join(this.folder, "contracts"), { recursive: true });
    this.save("contracts/number.ts", contract("1"));
    this.#child = spawnHermetic(["dev", entry, "--json"], { cwd: this.folder });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  save(name: string, text: string): void {
    replace(join(this.folder, name), text);
  }

  /** What it says next. */
  async says(): Promise<Line> {
    for (;;) {
      const end = this.#output.indexOf("\n", this.#read);
      const line = this.#output.slice(this.#read, end);
      if (end >= 0) {
        this.#read = end + 1;
        return JSON.parse(line);
      }
      if (this.#child.exitCode !== null) throw new Error("it has ended");
      await sleep(20);
    }
  }

  /** SIGTERM. @returns Its exit code. */
  async end(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    return await ended;
  }
}

describe("hermetic dev", () => {
  it.each(["contracts", "contracts/number.ts"])(
    "builds %s whenever it is replaced, broken, mended, or imports something",
    async (entry) => {
      const developer = new Developer(new Site(onTestFinished), entry);
      expect(await developer.says()).toMatchObject({ event: "ready" });
      const hashes = new Set<string>();
      const deployed = async (): Promise<void> => {
        const line = await developer.says();
        expect(line).toMatchObject({ event: "deployed", name: "Number" });
        expect(hashes).not.toContain(line.codeHash);
        hashes.add(line.codeHash);
      };
      await deployed();
      developer.save("contracts/number.ts", contract("2"));
      await deployed();
      developer.save("contracts/number.ts", contract("3"));
      await deployed();

      developer.save("contracts/number.ts", contract("nothing"));
      expect(await developer.says()).toMatchObject({ error: { code: "HRM3001" } });
      const importing = `import { value } from "./value";\n${contract("value()")}`;
      developer.save("contracts/number.ts", importing);
      expect(await developer.says()).toMatchObject({ error: { code: "HRM3002" } });
      developer.save("contracts/value.ts", "export function value(): u32 { return 4; }");
      await deployed();
      developer.save("contracts/value.ts", "export function value(): u32 { return 5; }");
      await deployed();
      expect(await developer.end()).toBe(0);
    },
  );
});
