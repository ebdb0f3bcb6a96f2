import { describe, expect, it } from "vitest";
import { Requests, type Answer } from "#worker/enclave/requests.ts";

const requestId = new Uint8Array(32).fill(1);
const reply = Uint8Array.of(7);

describe("Requests", () => {
  it("keeps whoever waits for a command while the enclave tries it anew", () => {
    const requests = new Requests(60_000);
    const answers: Answer[] = [];
    const respond = (answer: Answer): void => void answers.push(answer);
    const id = requests.add(respond, true);
    requests.admitted(id, requestId);
    expect(requests.join(requestId, respond)).toBe(true);
    requests.admitted(id, requestId);
    expect(answers).toEqual([]);
    requests.committed([{ requestId, height: 2, reply }]);
    const sealed = { kind: "sealed", bytes: reply };
    expect(answers).toEqual([sealed, sealed]);
    expect(requests.size).toBe(0);
  });
});
