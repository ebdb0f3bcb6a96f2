/**
 * The WIT world as plain JavaScript, for a component that jco has turned into a module: every value comes
 * lifted by jco and is lowered by it.
 *
 * It asks the same of the environment as the host functions do. Their limits are not repeated here, unless the
 * machine needs them: a call that meets one is compared up to there.
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { RANDOM_BYTES_MAX } from "#protocol/limits.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import { deriveBytes, deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import { secretReference } from "#host/http/secret-reference.ts";
import { keyBytes } from "#host/state/key.ts";
import type { Overlay } from "#host/state/overlay.ts";
import { stretchOf } from "#host/state/stretch.ts";
import { CallFailed, modeAllows } from "#host/functions/running.ts";
import type { WorldImportKey } from "#host/vm/world.ts";
import type { Trace } from "#test/support/oracle/trace.ts";

type Bytes = Uint8Array;
type Scheme = "ed25519" | "secp256k1" | "sr25519";
/** How jco gives a request: what is absent is undefined. */
interface Request extends Omit<HttpRequest, "body"> {
  readonly body: Bytes | undefined;
}

const LEVELS = ["debug", "info", "warn", "error"];
const REFUSALS: Readonly<
  Record<string, "METHOD_UNKNOWN" | "ARGUMENTS_MALFORMED" | "CALLER_REFUSED">
> = {
  "method-unknown": "METHOD_UNKNOWN",
  "arguments-malformed": "ARGUMENTS_MALFORMED",
  "caller-refused": "CALLER_REFUSED",
};
const NONCE_BYTES = 12;
const SIGNED_BYTES_MAX = 65;

type Functions = Record<string, (...args: never[]) => unknown>;
export type World = Readonly<Record<string, Functions>>;

/** A failure as jco takes it from what is thrown: by its payload. */
function failure(code: FaultCode): Error {
  return Object.assign(new Error(code), { payload: { tag: "fault", val: new Fault(code).number } });
}

/** The imports of a module that jco made. */
export function worldOf(environment: CallEnvironment, trace: Trace): World {
  const { state, primitives, random, secret } = environment;
  const enter = (key: WorldImportKey): void => {
    trace.begin(key);
    if (!modeAllows(environment.mode, key)) throw new Fault("MODE_REFUSED");
  };
  const key = (label: string): Bytes =>
    deriveKey(primitives, environment.contractSecret(), labels.contractKey, utf8(label));
  const signer = (scheme: Scheme, label: string): Signer => signerOf(environment, scheme, label);
  const verifiers = {
    ed25519: primitives.ed25519Verify,
    secp256k1: primitives.secp256k1Verify,
    sr25519: primitives.sr25519Verify,
  };
  const interfaces: Record<string, Functions> = {
    state: {
      get: (at: Bytes) => (enter("state.get"), state.get(at)),
      set: (at: Bytes, value: Bytes) => (enter("state.set"), state.set(at.slice(), value.slice())),
      remove: (at: Bytes) => (enter("state.remove"), state.remove(at)),
      scan: (start: Bytes, end: Bytes, limit: number, options: ScanOptions) => (
        enter("state.scan"),
        pageOf(state, start.slice(), end.slice(), limit, options)
      ),
    },
    context: {
      caller: () => (enter("context.caller"), environment.caller),
      self: () => (enter("context.self"), environment.self),
      now: () => (enter("context.now"), environment.nowSeconds),
      height: () => (enter("context.height"), environment.height),
      random: (label: string, length: number) => {
        enter("context.random");
        if (length > RANDOM_BYTES_MAX) throw new Fault("REGION_TOO_LARGE");
        return random(length, `contract/${label}`);
      },
    },
    events: {
      emit: (name: string, fields: Bytes, isPublic: boolean) => {
        enter("events.emit");
        trace.note("event", name, fields, isPublic);
      },
    },
    logging: {
      log: (level: string, text: string) => {
        enter("logging.log");
        trace.note("log", LEVELS.indexOf(level), text);
      },
    },
    control: {
      fail: (name: string, fields: Bytes) => {
        enter("control.fail");
        trace.note("failure", name, fields);
        throw new CallFailed(name, fields.slice());
      },
      panic: (...values: readonly unknown[]) => {
        enter("control.panic");
        trace.note("panic", ...values);
        throw new Fault("PANIC");
      },
      refuse: (reason: string) => {
        enter("control.refuse");
        const code = REFUSALS[reason] ?? "ABI_VIOLATION";
        trace.note("refusal", code);
        throw new Fault(code);
      },
    },
    secrets: {
      get: (name: string) => (enter("secrets.get"), secret(name)),
      reference: (name: string) => {
        enter("secrets.reference");
        if (secret(name) === undefined) return undefined;
        return secretReference(primitives, environment.contractSecret(), name);
      },
    },
    http: {
      fetch: (requests: readonly Request[]) => {
        enter("http.fetch");
        if (environment.http.kind === "live") throw new Error("only replayed calls are compared");
        return environment.http.next(requests.map(requestOf)).map(resultOf);
      },
    },
    scheduler: {
      plan: (height: bigint, every: bigint, method: string, args: Bytes, gas: bigint) => {
        enter("scheduler.plan");
        const first = Number(environment.height) + 1;
        const plan = {
          ...{ height: Math.max(first, Number(height)), every: Number(every) },
          ...{ method, args: args.slice(), gasLimit: Number(gas) },
        };
        return BigInt(environment.scheduler?.plan(plan) ?? 0);
      },
      cancel: (id: bigint) => {
        enter("scheduler.cancel");
        const number = Math.min(Number(id), Number.MAX_SAFE_INTEGER);
        return environment.scheduler?.cancel(number) ?? false;
      },
    },
    contracts: {
      // Where a contract is alone, nobody holds any code.
      instantiate: () => {
        enter("contracts.instantiate");
        throw failure("CODE_UNKNOWN");
      },
      upgrade: () => {
        enter("contracts.upgrade");
        throw failure("CODE_UNKNOWN");
      },
      call: (...values: readonly unknown[]) => {
        enter("contracts.call");
        trace.note("call", ...values);
        // A contract that is alone finds no other.
        throw failure("CONTRACT_UNKNOWN");
      },
    },
    crypto: {
      sha256: (data: Bytes) => (enter("crypto.sha256"), primitives.sha256(data)),
      keccak256: (data: Bytes) => (enter("crypto.keccak256"), primitives.keccak256(data)),
      blake2b: (data: Bytes, of: Bytes, length: number) => (
        enter("crypto.blake2b"),
        primitives.blake2b(data, length, of)
      ),
      verify: (scheme: Scheme, publicKey: Bytes, message: Bytes, signature: Bytes) => {
        enter("crypto.verify");
        if (Math.max(publicKey.length, signature.length) > SIGNED_BYTES_MAX) return false;
        return verifiers[scheme](publicKey, message, signature);
      },
      recover: (digest: Bytes, signature: Bytes) => {
        enter("crypto.recover");
        const readable = signature.length > SIGNED_BYTES_MAX ? new Uint8Array(0) : signature;
        return primitives.secp256k1Recover(digest, readable);
      },
      seal: (of: Bytes, data: Bytes, text: Bytes) => {
        enter("crypto.seal");
        const nonce = random(NONCE_BYTES, "nonce");
        return Buffer.concat([nonce, primitives.aesGcmSivSeal(of, nonce, data, text)]);
      },
      open: (of: Bytes, data: Bytes, sealed: Bytes) => {
        enter("crypto.open");
        const nonce = sealed.subarray(0, NONCE_BYTES);
        if (nonce.length < NONCE_BYTES) return undefined;
        return primitives.aesGcmSivOpen(of, nonce, data, sealed.subarray(NONCE_BYTES));
      },
    },
    keys: {
      derive: (label: string) => (enter("keys.derive"), key(label)),
      publicKey: (scheme: Scheme, label: string) => (
        enter("keys.public-key"),
        signer(scheme, label).publicKey
      ),
      sign: (scheme: Scheme, label: string, message: Bytes) => (
        enter("keys.sign"),
        signer(scheme, label).sign(message)
      ),
    },
  };
  return Object.fromEntries(
    Object.entries(interfaces).map(([name, functions]) => [`hermetic:contract/${name}`, functions]),
  );
}

/** The WIT flags `scan-options`. */
interface ScanOptions {
  readonly descending?: boolean;
  readonly keysOnly?: boolean;
}

/** One page; pages are also bounded in bytes, which none is here. */
function pageOf(
  state: Overlay,
  start: Bytes,
  end: Bytes,
  limit: number,
  { descending = false, keysOnly = false }: ScanOptions,
): { items: readonly (readonly [Bytes, Bytes])[]; more: boolean } {
  const found = [...state.walk(stretchOf(start, end, descending))].flatMap(([key, value]) =>
    value === undefined ? [] : [[keyBytes(key), keysOnly ? new Uint8Array(0) : value] as const],
  );
  return { items: found.slice(0, limit), more: found.length > limit };
}

interface Signer {
  readonly publicKey: Bytes;
  sign(message: Bytes): Bytes;
}

function signerOf(environment: CallEnvironment, scheme: Scheme, name: string): Signer {
  const { primitives, contractSecret } = environment;
  const [secret, label] = [contractSecret(), utf8(name)];
  return scheme === "ed25519"
    ? primitives.ed25519Signer(deriveKey(primitives, secret, labels.contractEd25519, label))
    : primitives.secp256k1Signer(
        deriveBytes(primitives, secret, 48, labels.contractSecp256k1, label),
      );
}

/** Copies a request out of jco's hands, as the host function hands it on. */
function requestOf({ method, url, headers, body }: Request): HttpRequest {
  const copied = headers.map(({ name, value }) => ({ name, value }));
  const request = { method, url, headers: copied };
  return body === undefined ? request : { ...request, body: body.slice() };
}

function resultOf(result: HttpResult): unknown {
  if ("ok" in result) return { tag: "ok", val: result.ok };
  const { error: kind, detail = "none" } = result;
  return { tag: "err", val: { kind, detail } };
}
