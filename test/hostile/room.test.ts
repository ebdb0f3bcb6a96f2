/**
 * Contracts that would fill the memory in which the enclave holds the state.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { STATE_ENTRY_BYTES } from "#protocol/limits.ts";
import { encodeRequest, type RequestBody } from "#protocol/request.ts";
import { createCluster } from "#exec/cluster.ts";
import { Contracts } from "#exec/contracts.ts";
import type { Entry } from "#exec/entry.ts";
import type { Executed } from "#exec/executed.ts";
import { Executor } from "#exec/executor.ts";
import { Replica } from "#exec/replica.ts";
import { doAtOnce } from "#exec/work.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { Sessions } from "#session/sessions.ts";
import { contractCore, RESULT } from "#test/support/contract.ts";
import { START_MS, systemEntropy } from "#test/support/operator.ts";
import { call, deployment, ZERO32 } from "#test/support/raw-client.ts";
import { call as callFunction, component, constant, get, when } from "#test/support/wasm.ts";

const BYTES_MAX = 64 * 1024;
const VALUE_BYTES = 16 * 1024;
const CONFIG = { egressGrants: [], extraRoots: [], memoryPagesMax: 256 };
const SESSION = new Uint8Array(16).fill(1);

/** Writes a value under the first byte of the arguments, or removes it when the call names a method. */
const keeper = component(
  contractCore({
    imports: ["state.set", "state.remove"],
    command: [
      ...get(1),
      ...when(
        [...get(2), ...constant(1), ...callFunction(1)],
        [
          ...get(2),
          ...constant(1),
          ...constant(4096),
          ...constant(VALUE_BYTES),
          ...callFunction(0),
        ],
      ),
      ...constant(RESULT),
    ],
  }),
);

describe("a state that is full", () => {
  let replica: Replica;
  let executor: Executor;
  let sequence: number;

  beforeEach(() => {
    replica = new Replica(BYTES_MAX);
    const { cluster } = createCluster(nodePrimitives, systemEntropy, ZERO32, CONFIG);
    const contracts = new Contracts(nodePrimitives, CONFIG.memoryPagesMax);
    const sessions = new Sessions(nodePrimitives);
    const primitives = nodePrimitives;
    executor = new Executor({ primitives, cluster, replica, sessions, contracts });
    sequence = 0;
    const session = { requestId: ZERO32, session: SESSION, account: ZERO32, secret: ZERO32 };
    step({ kind: "session", timeMs: START_MS, ...session });
  });

  function step(entry: Entry): Executed {
    const executed = doAtOnce(executor.execute(entry));
    replica.apply(executed.effects.writes);
    replica.height++;
    replica.timeMs = executed.timeMs;
    return executed;
  }

  /** How a command ends, in one word, and the contract it was for. */
  function run(contract: Uint8Array, body: RequestBody): { end: string; contract: Uint8Array } {
    const entry = { requestId: ZERO32, session: SESSION, contract, transcript: new Uint8Array(0) };
    const own = { kind: "command", timeMs: START_MS, sequence: ++sequence } as const;
    const { answer } = step({ ...own, ...entry, body: encodeRequest(body) });
    if (answer === undefined) throw new Error("nobody is answered");
    const { outcome } = answer;
    const end = outcome.kind === "fault" ? outcome.code : outcome.kind;
    return { end, contract: answer.contract };
  }

  const write = (key: number): RequestBody => call("", Uint8Array.of(key));
  const remove = (key: number): RequestBody => call("free", Uint8Array.of(key));

  it("39: takes no more, whoever writes, and keeps what it holds", () => {
    const one = run(ZERO32, deployment(keeper)).contract;
    const other = run(ZERO32, deployment(keeper, { salt: Uint8Array.of(1) })).contract;
    expect([1, 2, 3].map((key) => run(one, write(key)).end)).toEqual([
      "returned",
      "returned",
      "returned",
    ]);
    expect(run(one, write(4)).end).toBe("STATE_FULL");
    expect(run(other, write(1)).end).toBe("STATE_FULL");
    expect(replica.store(one).size).toBe(3);
    expect(run(one, write(3)).end).toBe("returned");
    expect(run(one, remove(3)).end).toBe("returned");
    expect(run(other, write(1)).end).toBe("returned");
  });

  it("39: counts what very many tiny keys cost", () => {
    const { contract } = run(ZERO32, deployment(keeper));
    const writes = Array.from({ length: BYTES_MAX / STATE_ENTRY_BYTES }, (_, key) => {
      return { namespace: contract, key: Uint8Array.of(key), value: new Uint8Array(0) };
    });
    expect(() => replica.checkRoom(writes)).toThrow("STATE_FULL");
  });

  it("39: takes no code that it has no room for", () => {
    const { contract } = run(ZERO32, deployment(keeper));
    for (const key of [1, 2, 3]) run(contract, write(key));
    const large = deployment(keeper, {
      secrets: Array.from({ length: 4 }, (_, i) => [`${i}`, "s".repeat(4096)] as const),
    });
    expect(run(ZERO32, large).end).toBe("CONTRACT_EXISTS");
    expect(run(ZERO32, { ...large, salt: Uint8Array.of(2) }).end).toBe("STATE_FULL");
  });
});
