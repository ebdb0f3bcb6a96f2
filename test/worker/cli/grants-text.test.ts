import { describe, expect, it } from "vitest";
import { grantsOf } from "#sdk/client/contract/description.ts";
import { grantOf } from "#test/support/http-caller.ts";
import { grantLines } from "#worker/cli/grants-text.ts";

describe("grantLines()", () => {
  it("says so when a contract asks nobody", () => {
    expect(grantLines([])).toEqual(["asks      nobody outside"]);
  });

  it("names each origin and what is asked of it, and nothing that could move a cursor", () => {
    const pins = [new Uint8Array(32)];
    const grants = [
      grantOf("https://a.b"),
      grantOf("https://*.c:*", {
        ...{ methods: ["POST"], headers: ["x-key\u001b[2J"], requestBytes: 1, responseBytes: 2 },
        ...{ redirects: "granted", perMinute: 3, pins },
      }),
    ];
    const lines = grantLines(grantsOf(grants));
    expect(lines[0]).toBe(
      "asks      https://a.b: GET HEAD, 60 a minute, 65536 bytes out, 262144 in",
    );
    expect(lines[1]).toMatch(/^asks {6}https:\/\/\*\.c:\*: POST, 3 a minute, 1 bytes out, 2 in, /);
    expect(lines[1]).toMatch(/redirects granted, 1 pinned keys$/);
    expect(lines.join("")).not.toContain("\u001b");
  });
});
