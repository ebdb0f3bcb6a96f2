import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeClearFault,
  encodeSealedBody,
  parseClearFault,
  parseSealedBody,
} from "#protocol/api.ts";
import { pack } from "#protocol/codec.ts";
import { encodeToWorker, parseToWorker } from "#protocol/enclave-to-worker.ts";
import { Fault } from "#protocol/fault.ts";
import { faults } from "#protocol/faults.ts";
import { encodeInfo, parseInfo } from "#protocol/info.ts";
import {
  ARGUMENT_BYTES_MAX,
  COMPONENT_BYTES_MAX,
  ENVELOPE_BYTES_MAX,
  QUERY_GAS_MAX,
  SALT_BYTES_MAX,
} from "#protocol/limits.ts";
import { encodeReply, faultCode, parseReply } from "#protocol/reply.ts";
import {
  encodeCertificate,
  encodeRequest,
  parseCertificate,
  parseRequest,
  type DeployBody,
  type RequestBody,
} from "#protocol/request.ts";
import { encodeToEnclave, parseToEnclave } from "#protocol/worker-to-enclave.ts";
import { fixed, info, reply, request, toEnclave, toWorker } from "#test/support/messages.ts";

const certificate = fc.record({
  account: fixed(32),
  issuedAtMs: fc.maxSafeNat(),
  signature: fixed(64),
});
const clearFault = fc.record({
  number: fc.nat(9999),
  facts: fc.dictionary(
    fc.string({ maxLength: 8 }).filter((key) => key !== "__proto__"),
    fc.maxSafeNat(),
    { maxKeys: 3, noNullPrototype: true },
  ),
});

interface Codec {
  readonly values: fc.Arbitrary<unknown>;
  readonly encode: (value: never) => Uint8Array;
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly code: string;
}

const codecs: Readonly<Record<string, Codec>> = {
  "messages to the enclave": {
    values: toEnclave,
    encode: encodeToEnclave,
    parse: parseToEnclave,
    code: "MESSAGE_MALFORMED",
  },
  "messages to the worker process": {
    values: toWorker,
    encode: encodeToWorker,
    parse: parseToWorker,
    code: "MESSAGE_MALFORMED",
  },
  requests: {
    values: request,
    encode: encodeRequest,
    parse: parseRequest,
    code: "ENVELOPE_MALFORMED",
  },
  certificates: {
    values: certificate,
    encode: encodeCertificate,
    parse: parseCertificate,
    code: "SESSION_CERTIFICATE",
  },
  replies: { values: reply, encode: encodeReply, parse: parseReply, code: "MESSAGE_MALFORMED" },
  "a worker's identity": {
    values: info,
    encode: encodeInfo,
    parse: parseInfo,
    code: "MESSAGE_MALFORMED",
  },
  "sealed bodies": {
    values: fc.uint8Array(),
    encode: encodeSealedBody,
    parse: parseSealedBody,
    code: "ENVELOPE_MALFORMED",
  },
  "faults in the clear": {
    values: clearFault,
    encode: encodeClearFault,
    parse: parseClearFault,
    code: "MESSAGE_MALFORMED",
  },
};

describe.each(Object.entries(codecs))("%s", (_, { values, encode, parse, code }) => {
  const encoded = values.map((value) => encode(value as never)); // the codec's own values

  /** Runs a parser that may refuse, but only with its own fault. */
  function refusesOnly(bytes: Uint8Array): void {
    try {
      parse(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(Fault);
      expect((error as Fault).code).toBe(code);
    }
  }

  it("property: every one survives its byte form", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(encode(value as never))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it("property: random bytes are refused with the one fault", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), refusesOnly), { numRuns: 500 });
  });

  it("property: changed, cut and lengthened ones parse or are refused with the one fault", () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(
        encoded,
        fc.array(change, { maxLength: 3 }),
        fc.option(fc.nat()),
        (bytes, edits, cut) => {
          const changed = bytes.slice(0, cut === null ? undefined : cut % bytes.length);
          for (const [at, byte] of edits)
            if (changed.length > 0) changed[at % changed.length] = byte;
          refusesOnly(changed);
          expect(() => parse(Uint8Array.of(...bytes, 0))).toThrow(code);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("property: values of any other shape are refused with the one fault", () => {
    const shape = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.nat(300),
        fc.double(),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fixed(32),
        fixed(64),
        fc.array(tie("value")),
      ),
    })).value;
    const array = fc.array(shape, { maxLength: 12 });
    fc.assert(
      fc.property(array, (value) => refusesOnly(pack(value))),
      { numRuns: 500 },
    );
  });
});

describe("parseRequest()", () => {
  const call = { op: "call", method: "m", args: new Uint8Array(1), gasLimit: 1 } as const;
  const deploy: DeployBody = {
    ...call,
    op: "deploy",
    code: { component: new Uint8Array(1) },
    salt: new Uint8Array(0),
    secrets: [],
  };

  it.each<[string, RequestBody, RequestBody]>([
    ["a method's name", { ...call, method: "m".repeat(64) }, { ...call, method: "m".repeat(65) }],
    [
      "arguments",
      { ...call, args: new Uint8Array(ARGUMENT_BYTES_MAX) },
      { ...call, args: new Uint8Array(ARGUMENT_BYTES_MAX + 1) },
    ],
    ["gas", { ...call, gasLimit: QUERY_GAS_MAX }, { ...call, gasLimit: QUERY_GAS_MAX + 1 }],
    ["gas, from below", { ...call, gasLimit: 0 }, { ...call, gasLimit: -1 }],
    [
      "a component",
      { ...deploy, code: { component: new Uint8Array(COMPONENT_BYTES_MAX) } },
      { ...deploy, code: { component: new Uint8Array(COMPONENT_BYTES_MAX + 1) } },
    ],
    [
      "an uploaded component",
      { op: "upload", component: new Uint8Array(COMPONENT_BYTES_MAX), gasLimit: 0 },
      { op: "upload", component: new Uint8Array(COMPONENT_BYTES_MAX + 1), gasLimit: 0 },
    ],
    [
      "the hash of code",
      { ...deploy, code: { hash: new Uint8Array(32) } },
      { ...deploy, code: { hash: new Uint8Array(33) } },
    ],
    [
      "a salt",
      { ...deploy, salt: new Uint8Array(SALT_BYTES_MAX) },
      { ...deploy, salt: new Uint8Array(SALT_BYTES_MAX + 1) },
    ],
    [
      "secrets",
      { ...deploy, secrets: Array(32).fill(["n", "v"]) },
      { ...deploy, secrets: Array(33).fill(["n", "v"]) },
    ],
    [
      "a secret's value",
      { ...deploy, secrets: [["n", "v".repeat(4096)]] },
      { ...deploy, secrets: [["n", "v".repeat(4097)]] },
    ],
  ])("bounds %s", (_, most, tooMuch) => {
    expect(parseRequest(encodeRequest(most))).toEqual(most);
    expect(() => parseRequest(encodeRequest(tooMuch))).toThrow("ENVELOPE_MALFORMED");
  });
});

describe("parseToEnclave()", () => {
  it("lets an envelope be longer than it may, so that the client hears the limit", () => {
    const at = (length: number): Uint8Array =>
      encodeToEnclave({ type: "request", id: 1, envelope: new Uint8Array(length) });
    expect(parseToEnclave(at(ENVELOPE_BYTES_MAX + 1)).type).toBe("request");
    expect(parseToEnclave(at(2 * ENVELOPE_BYTES_MAX)).type).toBe("request");
  });

  it("bounds the number of entries before it looks at them", () => {
    const entries = Array<Uint8Array>(65_537).fill(new Uint8Array(0));
    const bytes = encodeToEnclave({ type: "execute", firstHeight: 1, entries });
    expect(() => parseToEnclave(bytes)).toThrow("MESSAGE_MALFORMED");
  });
});

describe("faultCode()", () => {
  it("names every number of the table, and no other", () => {
    for (const [code, { number }] of Object.entries(faults)) expect(faultCode(number)).toBe(code);
    for (const number of [0, 1, 100, 999, 65_536]) {
      expect(() => faultCode(number)).toThrow("MESSAGE_MALFORMED");
    }
  });
});
