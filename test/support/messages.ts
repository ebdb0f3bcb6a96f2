/**
 * Arbitrary messages of every kind, each within its limits.
 *
 * @module
 */
import fc from "fast-check";
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import type { ClusterConfig, WorkerInfo } from "#protocol/info.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";
import type { Outcome, Reply } from "#protocol/reply.ts";
import type { RequestBody } from "#protocol/request.ts";

export const fixed = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const bytes = fc.uint8Array({ maxLength: 40 });
const natural = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const name = fc.string({ maxLength: 64 });
const codes = Object.keys(faults) as FaultCode[]; // keys of the table are the codes
const number = fc.constantFrom(...codes).map((code) => faults[code].number as number);
const facts = fc.dictionary(
  name.filter((key) => key !== "__proto__"),
  fc.oneof(
    natural,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  ),
  { maxKeys: 4, noNullPrototype: true },
);
const type = <T extends string>(value: T): fc.Arbitrary<T> => fc.constant(value);

export const config: fc.Arbitrary<ClusterConfig> = fc.record({
  egressGrants: fc.array(name, { maxLength: 4 }),
  extraRoots: fc.array(name, { maxLength: 4 }),
  memoryPagesMax: fc.nat(65_536),
});

const flow = [
  fc.record({ kind: type("egress-data"), id: natural, bytes }),
  fc.record({ kind: type("egress-credit"), id: natural, count: fc.nat(65_536) }),
  fc.record({ kind: type("egress-end"), id: natural }),
] as const;
const egressToEnclave: fc.Arbitrary<EgressToEnclave> = fc.oneof(
  fc.record({
    kind: type("egress-resolved"),
    id: natural,
    addresses: fc.array(name, { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constantFrom("egress-connected", "egress-error"), id: natural }),
  ...flow,
);
const egressFromEnclave: fc.Arbitrary<EgressFromEnclave> = fc.oneof(
  fc.record({ kind: type("egress-resolve"), id: natural, host: name }),
  fc.record({ kind: type("egress-connect"), id: natural, address: name, port: fc.nat(65_535) }),
  fc.record({ kind: type("egress-close"), id: natural }),
  ...flow,
);

export const toEnclave: fc.Arbitrary<WorkerToEnclave> = fc.oneof(
  fc.record(
    {
      type: type("boot"),
      hardwareSecret: fixed(32),
      sealedCluster: bytes,
      config,
      logHeight: natural,
      rebuild: fc.boolean(),
    },
    { requiredKeys: ["type", "hardwareSecret", "config", "logHeight", "rebuild"] },
  ) as fc.Arbitrary<WorkerToEnclave>, // fast-check types an absent key as undefined
  fc.record({ type: fc.constantFrom("snapshot-piece", "delta"), sealed: bytes }),
  fc.record({
    type: fc.constantFrom("entries", "execute"),
    firstHeight: natural,
    entries: fc.array(bytes),
  }),
  fc.record({ type: type("restored"), part: fc.constantFrom("snapshot", "deltas", "entries") }),
  fc.record({ type: type("request"), id: natural, envelope: bytes }),
  fc.record({ type: type("snapshot") }),
  fc.record({ type: type("snapshot-stored"), height: natural }),
  fc.record({ type: type("info"), id: natural }),
  fc.record({ type: type("egress"), egress: egressToEnclave }),
  fc.record({ type: type("tick"), always: fc.boolean() }),
);

export const toWorker: fc.Arbitrary<EnclaveToWorker> = fc.oneof(
  fc.record({ type: type("booted"), sealedCluster: bytes }),
  fc.record({ type: type("booted") }),
  fc.record({ type: type("restoring"), fromHeight: natural }),
  fc.record({ type: type("ready"), height: natural, entry: bytes }),
  fc.record({ type: type("refused"), fault: number, facts }),
  fc.record({ type: type("admitted"), id: natural, requestId: fixed(32), entry: bytes }),
  fc.record({ type: type("answered"), id: natural, reply: bytes }),
  fc.record({ type: type("rejected"), id: natural, fault: number, facts }),
  fc.record({
    type: type("executed"),
    height: natural,
    delta: bytes,
    replies: fc.array(fc.record({ requestId: fixed(32), height: natural, reply: bytes })),
    events: fc.array(fc.record({ contract: fixed(32), height: natural, name, fields: bytes })),
  }),
  fc.record({
    type: type("snapshot-piece"),
    height: natural,
    index: fc.nat(),
    total: fc.nat(),
    sealed: bytes,
  }),
  fc.record({ type: fc.constantFrom("entry", "tick"), entry: bytes }),
  fc.record({ type: type("info"), id: natural, info: bytes }),
  fc.record({ type: type("egress"), egress: egressFromEnclave }),
);

const panic = fc.record({ text: fc.string(), file: fc.string(), line: fc.nat(), column: fc.nat() });
const fault = {
  kind: type("fault"),
  code: fc.constantFrom(...codes),
  facts,
  trace: fc.array(fc.nat(), { maxLength: 8 }),
};
export const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: type("returned"), value: bytes }),
  fc.record({ kind: type("failed"), name, fields: bytes }),
  fc.record(fault),
  fc.record({ ...fault, panic }),
);

export const head = fc.record({
  height: natural,
  digest: fixed(32),
  bootEpoch: fc.nat(),
  measurement: fixed(32),
});

export const reply: fc.Arbitrary<Reply> = fc.record({
  outcome,
  height: natural,
  gasUsed: natural,
  events: fc.array(fc.record({ name, fields: bytes, public: fc.boolean() }), { maxLength: 4 }),
  logs: fc.array(fc.record({ level: fc.nat(3), text: fc.string() }), { maxLength: 4 }),
  codeHash: fixed(32),
  head,
  signature: fixed(64),
  receipts: fc.array(fixed(32), { maxLength: 16 }),
});

export const request: fc.Arbitrary<RequestBody> = fc.oneof(
  fc.record({
    op: type("call"),
    method: name,
    args: bytes,
    gasLimit: fc.integer({ min: 0, max: 1e10 }),
  }),
  fc.record({ op: type("describe") }),
  fc.record({ op: type("interface") }),
  fc.record({ op: type("schedule") }),
  fc.record({
    op: type("estimate"),
    method: name,
    args: bytes,
    gasLimit: fc.integer({ min: 0, max: 1e10 }),
    codeHash: fixed(32),
  }),
  fc.record({ op: type("freeze"), version: natural }),
  fc.record({ op: type("destroy"), version: natural }),
  fc.record({
    op: type("upgrade"),
    code: fc.oneof(fc.record({ component: bytes }), fc.record({ hash: fixed(32) })),
    version: natural,
    method: name,
    args: bytes,
    gasLimit: fc.integer({ min: 0, max: 1e10 }),
  }),
  fc.record({ op: type("has-code"), hash: fixed(32) }),
  fc.record({ op: type("upload"), component: bytes, gasLimit: fc.nat() }),
  fc.record({
    op: type("deploy"),
    code: fc.oneof(fc.record({ component: bytes }), fc.record({ hash: fixed(32) })),
    salt: fc.uint8Array({ maxLength: 32 }),
    method: name,
    args: bytes,
    gasLimit: fc.integer({ min: 0, max: 1e10 }),
    secrets: fc.array(fc.tuple(name, fc.string()), { maxLength: 4 }),
  }),
);

export const info: fc.Arbitrary<WorkerInfo> = fc.record({
  cluster: fixed(32),
  epoch: fc.nat(),
  clusterKey: fixed(32),
  workerKey: fixed(32),
  bootEpoch: fc.nat(),
  height: natural,
  digest: fixed(32),
  timeMs: natural,
  config,
  evidence: fc.record({
    kind: type("simulated"),
    measurement: fixed(32),
    reportData: fixed(32),
    signature: bytes,
  }),
});
