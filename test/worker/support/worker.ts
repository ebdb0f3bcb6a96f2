/**
 * A supervisor on a fake enclave, and what tests ask of it.
 *
 * @module
 */
import type { Answer } from "#worker/enclave/requests.ts";
import { type SupervisorOptions, Supervisor } from "#worker/enclave/supervisor.ts";
import { createReport } from "#worker/report.ts";
import { FakeEnclave, type FakeOptions } from "./fake-enclave.ts";

export interface Started {
  readonly supervisor: Supervisor;
  readonly enclave: FakeEnclave;
  readonly lines: string[];
}

export async function startFake(
  dataPath: string,
  options: Partial<SupervisorOptions> = {},
  fake: FakeOptions = {},
): Promise<Started> {
  const lines: string[] = [];
  let enclave: FakeEnclave | undefined;
  const supervisor = await Supervisor.start({
    dataPath,
    config: {},
    rebuild: false,
    snapshots: { deltaBytes: 1e9, heights: 1e9 },
    requestTimeoutMs: 5_000,
    tickMs: 0,
    report: createReport((line) => lines.push(line), false),
    openEnclave: (events) => (enclave = new FakeEnclave(events, fake)),
    ...options,
  });
  return { supervisor, enclave: enclave as FakeEnclave, lines };
}

export async function ask(supervisor: Supervisor, envelope: string): Promise<Answer> {
  return await new Promise((resolve) => supervisor.request(Buffer.from(envelope), true, resolve));
}

export async function receiptOf(supervisor: Supervisor, requestId: Uint8Array): Promise<Answer> {
  return await new Promise((resolve) => supervisor.receipt(requestId, resolve));
}

export function sealedText(answer: Answer): string {
  return answer.kind === "sealed" ? Buffer.from(answer.bytes).toString() : `HRM${answer.number}`;
}
