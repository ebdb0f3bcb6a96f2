/**
 * Servers whose answer cannot be taken apart, or not in one way only.
 *
 * @module
 */
import { answering, OK, type FaultKind } from "#test/support/faults/kind.ts";

const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const EMPTY = "content-length: 0\r\n\r\n";

/** Kinds that write one text and are refused for it. */
function malformed(
  texts: Readonly<Record<string, readonly [does: string, text: string]>>,
): FaultKind[] {
  return Object.entries(texts).map(([name, [does, text]]) => ({
    name,
    does,
    gives: "protocol",
    serve: answering(text),
  }));
}

const statusLines = malformed({
  "status-of-two-digits": ["answers with status 99", `HTTP/1.1 99 No\r\n${EMPTY}`],
  "status-of-four-digits": ["answers with status 2000", `HTTP/1.1 2000 OK\r\n${EMPTY}`],
  "status-zero": ["answers with status 000", `HTTP/1.1 000 No\r\n${EMPTY}`],
  "status-in-words": ["answers with a word for a status", `HTTP/1.1 OK 200\r\n${EMPTY}`],
  "no-status-line": ["answers without a status line", "<!doctype html><title>ok</title>"],
  "unknown-version": ["answers in HTTP/3.7", `HTTP/3.7 200 OK\r\n${EMPTY}`],
  "switched-protocol": [
    "switches to another protocol",
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
  ],
  "endless-interim": [
    "sends interim answers and no other",
    "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100),
  ],
});

const heads = malformed({
  "header-without-name": ["sends a header without a name", `${OK}: x\r\n${EMPTY}`],
  "header-with-nul": ["sends a header with a NUL in it", `${OK}x: y\0z\r\n${EMPTY}`],
  "header-with-space": ["sends a space before a header's colon", `${OK}x : y\r\n${EMPTY}`],
  "bare-line-feed": ["ends a line by LF alone", `${OK}x: y\n${EMPTY}`],
  "folded-header": ["goes on with a header in the next line", `${OK}x: y\r\n z\r\n${EMPTY}`],
});

const lengths: FaultKind[] = [
  ...malformed({
    "conflicting-lengths": [
      "gives two lengths",
      `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nab`,
    ],
    "negative-length": ["gives a negative length", `${OK}content-length: -1\r\n\r\n`],
    "huge-length": ["gives a length of 2⁶⁴", `${OK}content-length: 18446744073709551616\r\n\r\n`],
    "length-in-words": [
      "gives a length that is no number",
      `${OK}content-length: 2 bytes\r\n\r\nab`,
    ],
    "length-and-chunks": [
      "gives a length and chunks",
      `${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    "long-body": ["sends more than its length", `${OK}content-length: 2\r\n\r\nabc`],
  }),
  {
    name: "short-body",
    does: "closes before its length is reached",
    gives: "protocol",
    serve: answering(`${OK}content-length: 3\r\n\r\nab`, { end: true }),
  },
  {
    name: "no-length",
    does: "gives no length, and closes where the body ends",
    gives: "protocol",
    serve: answering(`${OK}\r\nwhole, or cut short?`, { end: true }),
  },
];

const chunks: FaultKind[] = [
  ...malformed({
    "bad-chunk-size": ["sends a chunk whose size is no number", `${CHUNKED}zz\r\n`],
    "negative-chunk-size": ["sends a chunk of size -1", `${CHUNKED}-1\r\n`],
    "huge-chunk-size": ["sends a chunk of 2⁶⁴ bytes", `${CHUNKED}10000000000000000\r\n`],
    "chunk-without-end": ["sends more than a chunk's size", `${CHUNKED}2\r\nabcd\r\n0\r\n\r\n`],
    "unknown-transfer-coding": [
      "sends a transfer coding other than chunks",
      `${OK}transfer-encoding: gzip\r\n\r\nx`,
    ],
  }),
  {
    name: "chunked-with-tab",
    does: "puts a tab behind the name of its transfer coding, and closes",
    gives: "protocol",
    serve: answering(`${OK}transfer-encoding: chunked\t\r\n\r\n2\r\nab\r\n0\r\n\r\n`, {
      end: true,
    }),
  },
  {
    name: "unfinished-chunks",
    does: "closes without the last chunk",
    gives: "protocol",
    serve: answering(`${CHUNKED}2\r\nab\r\n`, { end: true }),
  },
];

export const framing: readonly FaultKind[] = [...statusLines, ...heads, ...lengths, ...chunks];
