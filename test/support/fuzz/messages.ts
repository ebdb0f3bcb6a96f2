/**
 * Messages between enclave and worker process about tunnels, transcripts of commands, and headers.
 *
 * What is taken must be the same message when it is written and read again.
 *
 * @module
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { checkRequestHeaders } from "#host/http/request-headers.ts";
import { takeTimeLimit, TIME_LIMIT_HEADER } from "#host/http/time-limit.ts";
import { encodeTranscript, parseTranscript } from "#host/http/transcript.ts";
import {
  encodeEgressFromEnclave,
  encodeEgressToEnclave,
  parseEgressFromEnclave,
  parseEgressToEnclave,
} from "#protocol/egress.ts";
import { pack } from "#protocol/codec.ts";
import { httpErrors } from "#protocol/http.ts";
import { HTTP_TIMEOUT_MS } from "#protocol/limits.ts";
import { demand, orFault, type Target } from "#test/support/fuzz/target.ts";
import { disturbed, garbled, joined, noise } from "#test/support/fuzz/noise.ts";
import type { Tape } from "#test/support/random/tape.ts";

const KINDS = [
  "resolve",
  "connect",
  "close",
  "data",
  "credit",
  "end",
  "resolved",
  "connected",
  "error",
];

/** A value such as a message may hold, or must not. */
function value(tape: Tape, depth = 0): unknown {
  switch (tape.draw(depth > 3 ? 6 : 8)) {
    case 0:
      return tape.draw(1 << 16);
    case 1:
      return -tape.draw(100) - 1;
    case 2:
      return tape.pick(["127.0.0.1", "::1", "a.b", "", "x".repeat(300), "\ud800"]);
    case 3:
      return noise(tape, 40);
    case 4:
      return tape.pick([null, true, 0.5, Number.NaN, 2 ** 53, 2n ** 63n]);
    case 5:
      return tape.draw(65_536);
    case 6:
      return { [tape.pick(["__proto__", "a", "constructor"])]: value(tape, depth + 1) };
    default:
      return Array.from({ length: tape.draw(6) }, () => value(tape, depth + 1));
  }
}

/** What follows the number of a message of each kind. */
const FIELDS: Readonly<Record<string, (tape: Tape) => readonly unknown[]>> = {
  resolve: (tape) => [tape.pick(["a.b", "", "x".repeat(253), "x".repeat(254)])],
  connect: (tape) => [tape.pick(["127.0.0.1", "::1", "x".repeat(65)]), tape.draw(65_540)],
  data: (tape) => [noise(tape, 40)],
  credit: (tape) => [tape.draw(300_000)],
  resolved: (tape) => [
    Array.from({ length: tape.draw(34) }, () => tape.pick(["127.0.0.1", "::1"])),
  ],
};

function message(tape: Tape): Uint8Array {
  if (tape.once(8)) return noise(tape, 60);
  const kind = tape.pick(KINDS);
  const isOrderly = !tape.once(3);
  const rest = isOrderly
    ? (FIELDS[kind]?.(tape) ?? [])
    : Array.from({ length: tape.draw(3) }, () => value(tape));
  const bytes = pack([`egress-${kind}`, tape.draw(1 << 16), ...rest]);
  return tape.once(2) ? bytes : garbled(tape, bytes);
}

/** A parser that may throw `MESSAGE_MALFORMED`, and its writer. */
function messages<T>(
  name: string,
  parse: (bytes: Uint8Array) => T,
  encode: (parsed: T) => Uint8Array,
): Target {
  return {
    name,
    share: 10,
    run: (tape) => {
      const bytes = message(tape);
      const parsed = orFault("MESSAGE_MALFORMED", () => parse(bytes));
      if (parsed === undefined) return "refused";
      demand(isDeepStrictEqual(parse(encode(parsed)), parsed), "not the same again", [...bytes]);
      return "taken";
    },
  };
}

export const toEnclave: Target = messages(
  "message of the worker process",
  parseEgressToEnclave,
  encodeEgressToEnclave,
);
export const fromEnclave: Target = messages(
  "message of the enclave",
  parseEgressFromEnclave,
  encodeEgressFromEnclave,
);

function result(tape: Tape): unknown {
  if (tape.once(3)) return [0, tape.draw(httpErrors.length + 1)];
  const headers = Array.from({ length: tape.draw(3) }, () => ["x", tape.pick(["", "y"])]);
  return [1, tape.draw(1_100), headers, noise(tape, 20)];
}

export const transcripts: Target = {
  name: "transcript of a command",
  share: 10,
  run: (tape) => {
    const exchanges = Array.from({ length: tape.draw(4) }, () => [
      noise(tape, 3).length === 0 ? noise(tape, 40) : new Uint8Array(32),
      Array.from({ length: tape.draw(3) }, () => result(tape)),
    ]);
    const [version, ...more] = tape.once(2) ? [1] : [2, tape.draw(5)];
    const bytes = garbled(tape, pack([tape.once(10) ? value(tape) : version, exchanges, ...more]));
    const parsed = orFault("LOG_ENTRY_BROKEN", () => parseTranscript(bytes));
    if (parsed === undefined) return "refused";
    const again = parseTranscript(encodeTranscript(parsed.transcript, parsed.retries));
    demand(isDeepStrictEqual(again, parsed), "not the same again", [...bytes]);
    return "taken";
  },
};

const NAMES = [
  "x-a",
  "Accept",
  "host",
  "Content-Length",
  "te",
  "proxy-x",
  "Cookie",
  "Hermetic-Timeout",
  "",
  "a b",
  "é",
];
const VALUES = ["v", "1", " ", "\t", "\r\n", "\0", "é", "\x7f", "a: b"];

export const headers: Target = {
  name: "headers of a request",
  share: 10,
  run: (tape) => {
    const list = Array.from({ length: tape.draw(4) }, () => ({
      name: disturbed(tape, tape.pick(NAMES)),
      value: disturbed(tape, joined(tape, VALUES, 4)),
    }));
    const limited = takeTimeLimit(list);
    const checked = limited === "denied" ? limited : checkRequestHeaders(limited.headers, ["*"]);
    if (typeof checked === "string") {
      demand(checked === "denied" || checked === "too-large", "an unlisted error", checked);
      return "refused";
    }
    for (const { name, value: text } of checked) {
      validateHeaderName(name);
      validateHeaderValue(name, text);
      demand(name === name.toLowerCase(), "not in lower case", name);
      demand(name !== TIME_LIMIT_HEADER, "a time limit leaves the enclave", name);
    }
    const { timeoutMs = 0 } = limited === "denied" ? {} : limited;
    demand(timeoutMs >= 0 && timeoutMs <= HTTP_TIMEOUT_MS, "no time limit", timeoutMs);
    return "taken";
  },
};
