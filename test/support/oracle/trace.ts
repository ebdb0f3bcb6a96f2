/**
 * What a call asked of its host, in order: each host function, and under it all that the host asked of the
 * call's environment, with arguments as they were lifted out of the contract's memory.
 *
 * @module
 */
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import type { HttpRequest } from "#protocol/http.ts";
import { keyBytes, type KeyText } from "#host/state/key.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import type { Step, Stretch } from "#host/state/stretch.ts";

export class Trace {
  /** One entry a host function, its key first. */
  readonly calls: string[][] = [];

  begin(key: string): void {
    this.calls.push([key]);
  }

  /** Adds what the host function begun last did with these values. */
  note(what: string, ...values: readonly unknown[]): void {
    this.calls.at(-1)?.push(`${what}(${values.map(shown).join(", ")})`);
  }
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (typeof value === "bigint") return `${value}n`;
  return JSON.stringify(value, (_, item: unknown) =>
    item instanceof Uint8Array ? Buffer.from(item).toString("hex") : item,
  );
}

class WatchedOverlay extends Overlay {
  readonly #trace: Trace;

  constructor(base: StateReader, trace: Trace) {
    super(base);
    this.#trace = trace;
  }

  override find(text: KeyText): Uint8Array | undefined {
    this.#trace.note("get", keyBytes(text));
    return super.find(text);
  }

  override put(text: KeyText, value: Uint8Array): void {
    this.#trace.note("set", keyBytes(text), value);
    super.put(text, value);
  }

  override walk(stretch: Stretch): IterableIterator<Step> {
    this.#trace.note("walk", stretch);
    return super.walk(stretch);
  }

  override remove(key: Uint8Array): void {
    this.#trace.note("remove", key);
    super.remove(key);
  }
}

/** The environment, with everything that is asked of it noted; its state is a fresh layer over `base`. */
export function watched(
  environment: Omit<CallEnvironment, "state">,
  base: StateReader,
  trace: Trace,
): CallEnvironment {
  const { random, secret, http } = environment;
  return {
    ...environment,
    state: new WatchedOverlay(base, trace),
    primitives: watchedPrimitives(environment.primitives, trace),
    random: (length, label) => {
      trace.note("random", length, label);
      return random(length, label);
    },
    secret: (name) => {
      trace.note("secret", name);
      return secret(name);
    },
    scheduler: {
      plan: (plan) => {
        trace.note("plan", plan);
        return plan.height;
      },
      cancel: (id) => {
        trace.note("cancel", id);
        return id % 2 === 0;
      },
    },
    http: {
      kind: "replay",
      next: (requests: readonly HttpRequest[]) => {
        trace.note("requests", requests);
        if (http.kind === "live") throw new Error("only replayed calls are compared");
        return http.next(requests);
      },
    },
  };
}

function watchedPrimitives(primitives: EnclavePrimitives, trace: Trace): EnclavePrimitives {
  return new Proxy(primitives, {
    get(target, name, receiver) {
      const item: unknown = Reflect.get(target, name, receiver);
      if (typeof item !== "function") return item;
      return (...args: readonly unknown[]): unknown => {
        trace.note(String(name), ...args);
        return Reflect.apply(item, target, args) as unknown;
      };
    },
  });
}
