/**
 * Servers that stop, slow down or go away in the middle, and some that only seem to.
 *
 * @module
 */
import { drip } from "#test/support/faults/connections.ts";
import { answering, OK, type FaultKind, type Serve } from "#test/support/faults/kind.ts";

const LONG = `${OK}content-length: 1000\r\n\r\n`;

/** Says so much, and resets the connection a moment later. */
function resetAfter(text: string): Serve {
  return {
    request: (socket, reset) => {
      if (text === "") return reset();
      // What was written must arrive first: a reset overtakes it.
      socket.write(text, () => setTimeout(reset, 50));
    },
  };
}

export const silence: readonly FaultKind[] = [
  {
    name: "stall-before-head",
    does: "takes the request and says nothing",
    gives: "timeout",
    serve: answering([]),
  },
  {
    name: "stall-in-head",
    does: "stops inside its headers",
    gives: "timeout",
    serve: answering("HTTP/1.1 200 OK\r\nx-a: "),
  },
  {
    name: "stall-before-body",
    does: "stops where its body should begin",
    gives: "timeout",
    serve: answering(LONG),
  },
  {
    name: "stall-in-body",
    does: "stops inside its body",
    gives: "timeout",
    serve: answering(`${LONG}abc`),
  },
  {
    name: "stall-in-chunk",
    does: "stops inside a chunk",
    gives: "timeout",
    serve: answering(`${OK}transfer-encoding: chunked\r\n\r\n5\r\nab`),
  },
  {
    name: "head-drip",
    does: "sends its headers a byte at a time",
    gives: "timeout",
    serve: { request: (socket) => drip(socket, Buffer.from(`${OK}x: `)) },
  },
  {
    name: "body-drip",
    does: "sends its body a byte at a time",
    gives: "timeout",
    serve: { request: (socket) => drip(socket, Buffer.from(LONG)) },
  },
  {
    name: "closed-before-head",
    does: "takes the request and closes",
    gives: "protocol",
    serve: answering([], { end: true }),
  },
  {
    name: "closed-in-head",
    does: "closes inside its headers",
    gives: "protocol",
    serve: answering(`${OK}content-le`, { end: true }),
  },
  {
    name: "reset-before-head",
    does: "takes the request and breaks the connection",
    gives: "protocol",
    serve: resetAfter(""),
  },
  {
    name: "reset-in-head",
    does: "breaks the connection inside its headers",
    gives: "protocol",
    serve: resetAfter(`${OK}content-le`),
  },
  {
    name: "reset-in-body",
    does: "breaks the connection inside its body",
    gives: "protocol",
    serve: resetAfter(`${LONG}abc`),
  },
  {
    name: "late-close",
    does: "sends all of its answer and never closes",
    gives: 200,
    serve: answering(`${OK}content-length: 2\r\n\r\nok`),
  },
];
