/**
 * What the command says when the enclave refuses to start.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { faults, type FaultCode } from "#protocol/faults.ts";
import { failureOf } from "#worker/cli/failure.ts";
import { WorkerError } from "#worker/error.ts";

const adviceOn = (fault: number): string =>
  failureOf(new WorkerError("ENCLAVE_REFUSED", { facts: { fault } })).advice.join(" ");
const adviceOnCode = (code: FaultCode): string => adviceOn(faults[code].number);

describe("an enclave that refuses to start", () => {
  it("sends nobody to a backup for flags that are misspelt", () => {
    expect(adviceOnCode("EGRESS_CONFIG")).toContain("Correct --grant-egress");
    expect(adviceOnCode("EGRESS_CONFIG")).not.toContain("backup");
  });

  it("tells what to do about data that is damaged, and why", () => {
    expect(adviceOnCode("SEAL_STALE")).toContain("It says HRM15");
    expect(adviceOnCode("SEAL_STALE")).toContain("backup");
  });

  it("names a fault that it has no words for", () => {
    expect(adviceOn(999)).toMatch(/^It says HRM1999\. .*backup/);
  });
});
