/**
 * State as a contract sees it, on the real host: what is written when, and what is refused.
 *
 * @module
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { account, Guest } from "#test/support/guest.ts";

let built: Guest;
let ledger: Guest;
beforeAll(async () => {
  built = await Guest.build("test/sdk/fixtures/ledger.ts");
});
beforeEach(() => {
  ledger = built.fresh();
  ledger.init("open");
});

describe("a plain field", () => {
  it("has its first value until it is written", () => {
    expect(ledger.query("countOf").value).toBe(5);
    expect(ledger.command("addCount", 2).value).toBe(7);
    expect(ledger.query("countOf").value).toBe(7);
  });

  it("is written only if its bytes changed", () => {
    expect(ledger.command("setCount", 9).writes).toEqual(["count"]);
    expect(ledger.command("setCount", 9).writes).toEqual([]);
    expect(ledger.command("touch").writes).toEqual([]);
    expect(ledger.command("setTitle", "t").writes).toEqual(["title"]);
  });

  it("is written when it was changed in place", () => {
    expect(ledger.command("push", 3).writes).toEqual(["amounts"]);
    expect(ledger.command("change", 1).writes).toEqual(["last"]);
    expect(ledger.command("change", 2).writes).toEqual(["last"]);
    expect(ledger.command("change", 2).writes).toEqual([]);
    expect(ledger.query("read").value).toEqual([3]);
  });

  it("keeps wide integers", () => {
    const max = new Uint8Array(16).fill(255);
    expect(ledger.command("addTotal", max).value).toEqual(max);
    expect(ledger.command("addTotal", new Uint8Array(16)).writes).toEqual([]);
  });

  it("stays under its former name with @was", () => {
    expect(ledger.command("rename", 4).writes).toEqual(["before"]);
  });

  it("is not stored with @transient", () => {
    expect(ledger.command("addCount", 1).writes).toEqual(["count"]);
  });
});

describe("a query", () => {
  it.each(["writeCount", "writeInPlace", "writeItem"])(
    "is refused when it writes: %s",
    (method) => {
      expect(ledger.query(method).fault).toBe("MODE_REFUSED");
    },
  );

  it("is refused when it emits", () => {
    expect(ledger.query("emits").fault).toBe("MODE_REFUSED");
  });

  it("may read, and may assign what was there", () => {
    ledger.command("setCount", 6);
    expect(ledger.query("writeSame").fault).toBeUndefined();
    expect(ledger.query("read").value).toEqual([]);
  });
});

describe("the dispatcher", () => {
  it("calls a method only as what it is marked", () => {
    expect(ledger.query("setCount", 1).fault).toBe("METHOD_UNKNOWN");
    expect(ledger.command("countOf").fault).toBe("METHOD_UNKNOWN");
    expect(ledger.init("setCount", 1).fault).toBe("METHOD_UNKNOWN");
    expect(ledger.command("open").fault).toBe("METHOD_UNKNOWN");
    expect(ledger.command("").fault).toBe("METHOD_UNKNOWN");
    expect(ledger.command("setCoun").fault).toBe("METHOD_UNKNOWN");
    expect(ledger.command("__flush").fault).toBe("METHOD_UNKNOWN");
  });

  it("refuses every caller but the one in the field of @only", () => {
    expect(ledger.command("restricted").value).toBe("done");
    ledger.caller = account(9);
    expect(ledger.command("restricted").fault).toBe("CALLER_REFUSED");
  });
});

describe("Mapping", () => {
  it("finds nothing, then what was set, then nothing again", () => {
    const me = ledger.caller;
    expect(ledger.query("has", me).value).toBe(false);
    expect(ledger.query("find", me).value).toBeNull();
    const { writes } = ledger.command("put", 7, "n");
    expect(writes).toEqual([`entries\0${"\x01".repeat(32)}`]);
    expect(ledger.query("has", me).value).toBe(true);
    expect(ledger.query("get", me).value).toEqual([7, "n"]);
    expect(ledger.query("has", account(2)).value).toBe(false);
    ledger.command("drop");
    expect(ledger.query("find", me).value).toBeNull();
  });

  it("fails on get() of a missing key and names the field", () => {
    const outcome = ledger.query("get", account(3));
    expect(outcome.fault).toBe("PANIC");
    expect(outcome.panic).toBe("no such key in 'entries'");
  });

  it("takes keys up to the host's limit of 128 bytes", () => {
    const prefix = "numbers\0".length;
    expect(ledger.command("number", "k".repeat(128 - prefix), 1).fault).toBeUndefined();
    expect(ledger.query("numberOr", "k".repeat(128 - prefix), 0).value).toBe(1);
    const over = ledger.command("number", "k".repeat(129 - prefix), 1);
    expect(over.panic).toBe("a state key is longer than 128 bytes");
    expect(ledger.query("numberOr", "", 4).value).toBe(4);
  });
});

describe("List", () => {
  it("grows and shrinks at its end", () => {
    expect(ledger.command("append", "a").value).toBe(1);
    const second = ledger.command("append", "b");
    expect(second.value).toBe(2);
    expect(second.writes).toEqual(["list", "list\0\0\0\0\x01"]);
    expect(ledger.query("at", 1).value).toEqual([1, "b"]);
    expect(ledger.command("take").value).toEqual([1, "b"]);
    expect(ledger.command("take").value).toEqual([0, "a"]);
    expect(ledger.command("take").panic).toBe("index out of range in 'list'");
  });

  it("replaces an item, and fails on both sides of its range", () => {
    ledger.command("append", "a");
    ledger.command("replace", 0, "z");
    expect(ledger.query("at", 0).value).toEqual([99, "z"]);
    expect(ledger.query("at", 1).fault).toBe("PANIC");
    expect(ledger.query("at", -1).fault).toBe("PANIC");
    expect(ledger.command("replace", 1, "z").fault).toBe("PANIC");
  });

  it("is looped over with for…of, nested, with continue and break", () => {
    for (const note of ["ab", "skip", "c", "stop", "d"]) ledger.command("append", note);
    expect(ledger.query("notes").value).toBe("a.b.c.");
  });
});

describe("KeySet", () => {
  it("knows its members and their number", () => {
    expect(ledger.command("join").value).toBe(true);
    expect(ledger.command("join").value).toBe(false);
    ledger.caller = account(2);
    ledger.command("join");
    expect(ledger.query("size").value).toBe(2);
    expect(ledger.query("isMember", account(1)).value).toBe(true);
    expect(ledger.command("leave").value).toBe(true);
    expect(ledger.command("leave").value).toBe(false);
    expect(ledger.query("isMember", account(2)).value).toBe(false);
    expect(ledger.query("size").value).toBe(1);
  });
});

describe("a call that fails", () => {
  it("carries the error by name and fields, under its own name when imported under another", () => {
    const outcome = ledger.command("failAliased", 4);
    expect(outcome.failed).toEqual({ name: "Limit", fields: [4] });
    expect(outcome.writes).toEqual([]);
    expect(ledger.query("failQualified").failed).toEqual({ name: "Missing", fields: ["x"] });
    expect(ledger.query("failInHelper", 11).failed).toEqual({ name: "Limit", fields: [10] });
    expect(ledger.query("failInHelper", 10).value).toBe(10);
  });

  it("panics with the text and the place of a plain error", () => {
    const outcome = ledger.command("panics");
    expect(outcome.fault).toBe("PANIC");
    expect(outcome.panic).toBe("count was 78");
    expect(outcome.writes).toEqual([]);
    expect(ledger.query("outOfBounds").panic).toBe("Index out of range");
  });
});

describe("emit()", () => {
  it("is private unless the class is marked public", () => {
    expect(ledger.command("put", 7, "n").events).toEqual([
      { name: "Added", fields: [account(1), 7], public: false },
    ]);
    expect(ledger.command("close").events).toEqual([{ name: "Closed", fields: [], public: true }]);
  });
});
