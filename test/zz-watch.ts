import { readFileSync } from "node:fs";
import { ScratchProject } from "#test/support/scratch-project.ts";
const options = process.argv[2] ?? "";
const p = new ScratchProject();
const source = readFileSync("templates/hello/contracts/hello.ts", "utf8");
p.write("contracts/hello.ts", source);
p.write(
  "hello.test.ts",
  `
import hello from "contract:hello";
import { createWorld } from "hermetic/testing";
import { it } from "vitest";
it("x", async () => {
  const w = await createWorld(); const c = await w.deploy(hello);
  console.log("the answer is", await c.query.greeting());
});`,
);
const config = readFileSync(p.path + "/vitest.config.ts", "utf8").replace(
  "test: {",
  `test: { ${options}`,
);
p.write("vitest.config.ts", config);
p.watch();
await p.printed("the answer is", 60000);
await p.printed("Waiting for file", 60000);
const t: number[] = [];
for (let i = 0; i < 12; i++) {
  await new Promise((r) => setTimeout(r, 400));
  const s = performance.now();
  p.write("contracts/hello.ts", source.replace("stranger", "number" + i));
  await p.printed("the answer is Hello, number" + i + "!", 60000);
  t.push(Math.round(performance.now() - s));
}
console.log(options, t.join(" "));
p.dispose();
