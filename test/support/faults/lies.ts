/**
 * What a worker process may lie about while it carries a contract's request, and what the contract is
 * told then. The server behind it is in order: the fault is the carrier's.
 *
 * @module
 */
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import type { HttpError } from "#protocol/http.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";

type Data = Extract<EgressToEnclave, { kind: "egress-data" }>;
type Connect = Extract<EgressFromEnclave, { kind: "egress-connect" }>;
/** What becomes of an order of the enclave: something else is done, or nothing but an answer given. */
export type Handled = { readonly carry: EgressFromEnclave } | { readonly answer: EgressToEnclave };

/** Ports that the liar knows of. */
export interface Ground {
  /** A server with a good certificate of another name. */
  readonly strangerPort: number;
}

export interface Lie {
  readonly name: string;
  /** What the worker process does, for a reader: "connects to another machine". */
  readonly does: string;
  readonly gives: HttpError | number;
  /** It needs an earlier connection, carried as it is. */
  readonly second?: true;
  /** What it says that the server's name resolves to; absent: the contract asks by address. */
  readonly addresses?: readonly string[];
  /** Stands for the order to connect: it may be changed, or answered without being carried out. */
  readonly connect?: (order: Connect, ground: Ground) => Handled;
  /**
   * Stands for the n-th piece of data from the server, n from 0: 0 is in the handshake.
   *
   * @param earlier - What the server said on the connection before, if there was one.
   */
  readonly data?: (
    piece: Data,
    n: number,
    earlier: readonly Data[] | undefined,
  ) => readonly EgressToEnclave[];
  /** Stands for the end of the server's data. */
  readonly end?: () => readonly EgressToEnclave[];
}

function flipped({ bytes, ...rest }: Data): Data {
  const copy = new Uint8Array(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return { ...rest, bytes: copy };
}

/** Applies to the piece at `place` alone. */
function at(
  place: number,
  change: (piece: Data) => readonly EgressToEnclave[],
): NonNullable<Lie["data"]> {
  return (piece, n) => (n === place ? change(piece) : [piece]);
}

const addresses: readonly Lie[] = [
  {
    name: "no-address",
    does: "says that the name does not resolve",
    gives: "dns",
    addresses: [],
  },
  {
    name: "private-address",
    does: "says that the name resolves to a private address",
    gives: "denied",
    addresses: ["10.0.0.1"],
  },
  {
    name: "mixed-addresses",
    does: "puts a private address among granted ones",
    gives: "denied",
    addresses: ["127.0.0.1", "10.0.0.1"],
  },
  {
    name: "no-address-at-all",
    does: "says that the name resolves to what is no address",
    gives: "denied",
    addresses: ["2130706433"],
  },
];

const machines: readonly Lie[] = [
  {
    name: "refused",
    does: "says that the server refuses connections",
    gives: "connect",
    connect: ({ id }) => ({ answer: { kind: "egress-error", id } }),
  },
  {
    name: "wrong-machine",
    does: "connects to another machine, which has a good certificate of its own",
    gives: "tls",
    connect: (order, { strangerPort }) => ({ carry: { ...order, port: strangerPort } }),
  },
  {
    name: "silent",
    does: "says that it is connected, and no more",
    gives: "timeout",
    connect: ({ id }) => ({ answer: { kind: "egress-connected", id } }),
  },
];

const bytes: readonly Lie[] = [
  {
    name: "changed-handshake",
    does: "changes a bit of the handshake",
    gives: "tls",
    data: at(0, (piece) => [flipped(piece)]),
  },
  {
    name: "changed-answer",
    does: "changes a bit of the answer",
    gives: "tls",
    data: (piece, n) => [n === 0 ? piece : flipped(piece)],
  },
  {
    name: "swapped-bytes",
    does: "sends the first half of each piece last",
    gives: "tls",
    data: (piece, n) => {
      const half = piece.bytes.length >> 1;
      const { bytes: all } = piece;
      return n === 0
        ? [piece]
        : [
            { ...piece, bytes: all.slice(half) },
            { ...piece, bytes: all.slice(0, half) },
          ];
    },
  },
  {
    name: "repeated-bytes",
    does: "sends a piece of the answer twice",
    gives: "tls",
    data: (piece, n) => (n === 0 ? [piece] : [piece, piece]),
  },
  {
    name: "earlier-answer",
    does: "plays back what the server said on an earlier connection",
    gives: "tls",
    second: true,
    // The first connection is carried as it is, so that there is something to play back.
    data: (piece, n, earlier = [piece]) => {
      const { bytes: said } = earlier[Math.min(n, earlier.length - 1)] ?? piece;
      return [{ ...piece, bytes: said }];
    },
  },
  {
    name: "endless-stream",
    does: "sends bytes of its own without end",
    gives: "tls",
    data: (piece) =>
      Array.from({ length: EGRESS_WINDOW_BYTES / EGRESS_CHUNK_BYTES_MAX }, () => ({
        ...piece,
        bytes: new Uint8Array(EGRESS_CHUNK_BYTES_MAX),
      })),
  },
  {
    name: "over-the-window",
    does: "sends more than the enclave has room for",
    gives: "tls",
    data: (piece) =>
      Array.from({ length: EGRESS_WINDOW_BYTES / EGRESS_CHUNK_BYTES_MAX + 1 }, () => ({
        ...piece,
        bytes: new Uint8Array(EGRESS_CHUNK_BYTES_MAX),
      })),
  },
];

const ends: readonly Lie[] = [
  {
    name: "early-end-of-handshake",
    does: "ends the connection in the handshake",
    gives: "tls",
    data: at(0, ({ id }) => [{ kind: "egress-end", id }]),
  },
  {
    name: "early-end-of-answer",
    does: "ends the connection before the answer is whole",
    gives: "protocol",
    data: (piece, n) => {
      if (n === 0) return [piece];
      return n === 2 ? [{ kind: "egress-end", id: piece.id }] : n < 2 ? [piece] : [];
    },
  },
  {
    name: "broken-connection",
    does: "says that the connection broke inside the answer",
    gives: "protocol",
    data: at(2, ({ id }) => [{ kind: "egress-error", id }]),
  },
  {
    name: "withheld-answer",
    does: "keeps the rest of the answer to itself",
    gives: "timeout",
    data: (piece, n) => (n < 2 ? [piece] : []),
    end: () => [],
  },
  {
    name: "delayed-close",
    does: "does not tell that the server closed",
    gives: 200,
    end: () => [],
  },
];

const others: readonly Lie[] = [
  {
    name: "connected-twice",
    does: "says twice that it is connected",
    gives: "tls",
    data: at(0, ({ id }) => [{ kind: "egress-connected", id }]),
  },
  {
    name: "unknown-connections",
    does: "sends data of connections that nobody ordered",
    gives: 200,
    data: (piece) => [{ ...piece, id: piece.id + 1_000_000 }, piece],
  },
];

export const lies: readonly Lie[] = [...addresses, ...machines, ...bytes, ...ends, ...others];
