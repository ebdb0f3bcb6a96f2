/**
 * The types of a contract handle: one function per method of the ABI.
 *
 * @module
 */
import type { Abi, AbiMethod, AbiRecord } from "#protocol/abi.ts";
import type { ArgsOf, EventOf, FieldsOf, MethodsOf, OutputOf } from "#sdk/client/abi/types.ts";
import type { LogLine } from "#sdk/client/call/report.ts";
import type { Proof } from "#sdk/client/call/proof.ts";
import type { LayoutChange } from "#sdk/client/contract/layout.ts";
import type { ContractError } from "#sdk/client/errors/contract-error.ts";

export interface CommandOptions {
  /** Gas the call may use at most; 1 gas is about 1 ns. */
  readonly gasLimit?: number;
  /** Milliseconds until the call is given up. */
  readonly timeoutMs?: number;
  /** Gives the call up. A command that was sent may run all the same. */
  readonly signal?: AbortSignal;
}

export interface QueryOptions extends CommandOptions {
  /** Height the answer must not be below, such as that of a command made elsewhere. */
  readonly atLeast?: number;
}

/** An ABI that is not `as const` says nothing to the compiler. */
type IsWide<A extends Abi> = string extends A["contract"] ? true : false;

interface WideEvent {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly public: boolean;
}

export type ContractEvent<A extends Abi> = IsWide<A> extends true ? WideEvent : EventOf<A>;

/** A public event of another contract that the call led to; its own ABI says what the fields are. */
export interface OtherEvent {
  /** Address of the contract that emitted it, 64 hexadecimal digits. */
  readonly contract: string;
  readonly name: string;
  /** The encoded array of its fields. */
  readonly fields: Uint8Array;
}

export interface CallResult<A extends Abi, Value> {
  readonly value: Value;
  /** The command's own height in the log, or the height a query saw. */
  readonly height: number;
  readonly gasUsed: number;
  readonly events: readonly ContractEvent<A>[];
  readonly otherEvents: readonly OtherEvent[];
  readonly logs: readonly LogLine[];
  /** What the worker's enclave has signed about it. */
  readonly proof: Proof;
}

type Parameters<A extends Abi, M extends AbiMethod, Options> = M["inputs"] extends readonly []
  ? [args?: Readonly<Record<string, never>> | readonly [], options?: Options]
  : [args: ArgsOf<A, M>, options?: Options];

export type Command<A extends Abi, M extends AbiMethod> = (
  ...parameters: Parameters<A, M, CommandOptions>
) => Promise<CallResult<A, OutputOf<A, M>>>;

/** What a command would come to. */
export interface Estimate {
  /** How it would end: with a value, with an error of the contract, or with a fault, by its code. */
  readonly outcome: "returned" | "failed" | `HRM${number}`;
  /** Rounded up. State may change before the command runs, so give it more. */
  readonly gasUsed: number;
  /** The height whose state was looked at. */
  readonly height: number;
}

export type Estimator<A extends Abi, M extends AbiMethod> = (
  ...parameters: Parameters<A, M, CommandOptions>
) => Promise<Estimate>;

export interface Query<A extends Abi, M extends AbiMethod> {
  /** The value alone. */
  (...parameters: Parameters<A, M, QueryOptions>): Promise<OutputOf<A, M>>;
  /** The value with height, gas, logs and proof. */
  detailed(...parameters: Parameters<A, M, QueryOptions>): Promise<CallResult<A, OutputOf<A, M>>>;
}

type WideArgs = [args?: unknown, options?: QueryOptions];

interface WideQuery {
  (...parameters: WideArgs): Promise<unknown>;
  detailed(...parameters: WideArgs): Promise<CallResult<Abi, unknown>>;
}

type WideCommand = (...parameters: WideArgs) => Promise<CallResult<Abi, unknown>>;

export type Commands<A extends Abi> =
  IsWide<A> extends true
    ? Readonly<Record<string, WideCommand>>
    : { readonly [M in MethodsOf<A, "command"> as M["name"]]: Command<A, M> };

export type Estimators<A extends Abi> =
  IsWide<A> extends true
    ? Readonly<Record<string, (...parameters: WideArgs) => Promise<Estimate>>>
    : { readonly [M in MethodsOf<A, "command"> as M["name"]]: Estimator<A, M> };

export type Queries<A extends Abi> =
  IsWide<A> extends true
    ? Readonly<Record<string, WideQuery>>
    : { readonly [M in MethodsOf<A, "query"> as M["name"]]: Query<A, M> };

type ErrorUnion<A extends Abi, R extends AbiRecord> = R extends AbiRecord
  ? ContractError<R["name"], FieldsOf<A, R["fields"]>>
  : never;

/** The contract's own errors as a union that `name` tells apart. */
export type ContractErrorOf<A extends Abi> =
  IsWide<A> extends true ? ContractError : ErrorUnion<A, A["errors"][number]>;

/** Arguments of the `@init` method; nothing where there is none. */
export type InitArgs<A extends Abi> =
  IsWide<A> extends true
    ? unknown
    : [MethodsOf<A, "init">] extends [never]
      ? Readonly<Record<string, never>> | readonly []
      : ArgsOf<A, MethodsOf<A, "init">>;

/** Arguments of the `@migrate` method; nothing where there is none. */
export type MigrateArgs<A extends Abi> =
  IsWide<A> extends true
    ? unknown
    : [MethodsOf<A, "migrate">] extends [never]
      ? Readonly<Record<string, never>> | readonly []
      : ArgsOf<A, MethodsOf<A, "migrate">>;

export interface UpgradeOptions<A extends Abi = Abi> extends CommandOptions {
  /** Arguments of the new code's `@migrate` method, by name or in order. */
  readonly args?: MigrateArgs<A>;
  /** Upgrade even though stored state becomes unreadable. */
  readonly acceptLoss?: boolean;
}

/** What the owner did to a contract, when it runs no code of it. */
export interface Done {
  readonly height: number;
  readonly proof: Proof;
}

/** How a contract came to its present code. */
export interface Deployment {
  readonly height: number;
  readonly gasUsed: number;
  /** SHA-256 of the component, hex. */
  readonly codeHash: string;
  readonly events: readonly ContractEvent<Abi>[];
  readonly logs: readonly LogLine[];
  readonly proof: Proof;
  /** How the stored layout differs from the one before; after an upgrade only. */
  readonly layout?: readonly LayoutChange[];
}
