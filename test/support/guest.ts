/**
 * A built contract in the real host: calls with plain values in, decoded outcomes out.
 *
 * Writes are committed after each successful `init` and `command`, as the runtime does.
 *
 * @module
 */
import { unpack } from "#protocol/codec.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import { runCall, type CallOutcome } from "#host/functions/call.ts";
import type { CallMode } from "#host/functions/environment.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { admit, type AdmittedModule } from "#host/vm/admit.ts";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { encode } from "#test/support/messagepack.ts";

const GAS = 2_000_000_000;

/** What a call came to: a value, a typed error or a fault, and what it left behind. */
export interface GuestOutcome {
  readonly value?: unknown;
  /** The value as the contract encoded it. */
  readonly bytes?: Uint8Array;
  readonly failed?: { readonly name: string; readonly fields: unknown };
  readonly fault?: string;
  readonly panic?: string;
  readonly events: readonly {
    readonly name: string;
    readonly fields: unknown;
    readonly public: boolean;
  }[];
  readonly logs: readonly string[];
  readonly gasUsed: number;
  /** Keys the call wrote, as text. */
  readonly writes: readonly string[];
}

export class Guest {
  readonly contract: BuiltContract;
  readonly state = new ContractState();
  caller: Uint8Array = account(1);
  nowSeconds = 1_700_000_000n;
  /** What the contract's keys are derived from. */
  secret: Uint8Array = new Uint8Array(32).fill(0x5e);
  readonly secrets = new Map<string, string>();
  /** Every request so far. */
  readonly requests: HttpRequest[] = [];
  /** Answers requests; nothing is reachable until a test says so. */
  answer: (request: HttpRequest) => HttpResult = () => ({ error: "denied" });

  readonly #module: AdmittedModule;

  constructor(contract: BuiltContract) {
    this.contract = contract;
    this.#module = admit(contract.wasm);
  }

  static async build(entry: string): Promise<Guest> {
    const { contracts } = await build({ entry });
    const [contract] = contracts;
    if (!contract) throw new Error("nothing was built");
    return new Guest(contract);
  }

  /** The same code with state of its own. */
  fresh(): Guest {
    return new Guest(this.contract);
  }

  init(method: string, ...args: readonly unknown[]): GuestOutcome {
    return this.raw("init", method, Uint8Array.from(encode(args)));
  }

  command(method: string, ...args: readonly unknown[]): GuestOutcome {
    return this.raw("command", method, Uint8Array.from(encode(args)));
  }

  query(method: string, ...args: readonly unknown[]): GuestOutcome {
    return this.raw("query", method, Uint8Array.from(encode(args)));
  }

  /** Calls with arguments as they are. */
  raw(mode: CallMode, method: string, args: Uint8Array): GuestOutcome {
    const { outcome, writes } = this.run(mode, method, args);
    return { ...decodeEnd(outcome), ...decodeRest(outcome), writes };
  }

  /** Calls with arguments as they are, for the outcome as the host gives it and the keys written. */
  run(
    mode: CallMode,
    method: string,
    args: Uint8Array,
  ): { outcome: CallOutcome; writes: readonly string[] } {
    const overlay = new Overlay(this.state);
    const outcome = runCall(
      this.#module,
      { method, args, gasLimit: GAS },
      this.#environment(mode, overlay),
    );
    const writes = overlay.writes();
    if (outcome.end.kind === "returned" && mode !== "query") this.state.apply(writes);
    const keys = [...writes].map(([key]) => Buffer.from(key).toString("latin1"));
    return { outcome, writes: keys };
  }

  #environment(mode: CallMode, state: Overlay): Parameters<typeof runCall>[2] {
    return {
      mode,
      caller: this.caller,
      self: account(0x5e),
      nowSeconds: this.nowSeconds,
      height: 7n,
      random: (length) => Uint8Array.from({ length }, (_, index) => index),
      primitives: nodePrimitives,
      contractSecret: () => this.secret,
      state,
      secret: (name) => this.secrets.get(name),
      http: {
        kind: "replay",
        next: (requests) => {
          this.requests.push(...requests);
          return requests.map((request) => this.answer(request));
        },
      },
    };
  }
}

/** A 32-byte account filled with one byte. */
export function account(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

/** An answer with a text body. */
export function reply(status: number, body: string): HttpResult {
  return { ok: { status, headers: [], body: new TextEncoder().encode(body) } };
}

function decodeEnd({
  end,
}: CallOutcome): Pick<GuestOutcome, "value" | "bytes" | "failed" | "fault" | "panic"> {
  if (end.kind === "returned") return { value: unpack(end.value), bytes: end.value };
  if (end.kind === "failed") return { failed: { name: end.name, fields: unpack(end.fields) } };
  return { fault: end.fault.code, ...(end.panic ? { panic: end.panic.text } : {}) };
}

function decodeRest(outcome: CallOutcome): Pick<GuestOutcome, "events" | "logs" | "gasUsed"> {
  return {
    events: outcome.events.map((event) => ({ ...event, fields: unpack(event.fields) })),
    logs: outcome.logs.map(({ text }) => text),
    gasUsed: outcome.gasUsed,
  };
}
