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

  it("says of queries alone that nobody waits for them: their sender has left, or their time is over", () => {
    const abandoned: number[] = [];
    const requests = new Requests(0, (id) => abandoned.push(id));
    const answers: Answer[] = [];
    const respond = (answer: Answer): void => void answers.push(answer);
    const query = requests.add(respond, false);
    const command = requests.add(respond, true);
    requests.leave(query);
    requests.leave(command);
    requests.leave(99);
    expect(abandoned).toEqual([query]);
    // Whoever has left is still waited for: what it takes is free when the enclave says so.
    expect(requests.size).toBe(2);
    requests.expire(7);
    expect(abandoned).toEqual([query, query]);
    expect(answers.map(({ kind }) => kind)).toEqual(["refused", "refused"]);
    requests.leave(query);
    expect([requests.size, abandoned.length]).toEqual([0, 2]);
  });
});
