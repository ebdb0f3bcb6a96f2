/**
 * A name server on the loopback interface, over UDP, that answers when a test lets it (RFC 1035 §4).
 *
 * @module
 */
import { createSocket } from "node:dgram";

const HEADER_BYTES = 12;
/** Answer, recursion available; the last bits are the code. */
const ANSWER_FLAGS = 0x8180;
const NO_SUCH_NAME = 3;
/** The name stands in the question. */
const NAME_POINTER = [0xc0, 0x0c];
const TYPE_A = 1;
const TTL_SECONDS = 1;

export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Names that were asked for an IPv4 address, in order. */
  readonly asked: readonly string[];
}

/** @param addressOf - The IPv4 address of a name, when it is time; nothing if there is no such name. */
export async function startNameServer(
  addressOf: (name: string) => Promise<string | undefined>,
): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    if (type === TYPE_A) asked.push(name);
    void addressOf(name).then((found) => {
      const answer = answerTo(query.subarray(0, end), type === TYPE_A ? found : undefined, found);
      socket.send(answer, port, address, () => {});
    });
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at++] ?? 0; length > 0; length = query[at++] ?? 0) {
    labels.push(query.toString("latin1", at, at + length));
    at += length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at), end: at + 4 };
}

/** @param known - Whether there is such a name at all. */
function answerTo(question: Buffer, address: string | undefined, known: unknown): Buffer {
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(known === undefined ? ANSWER_FLAGS | NO_SUCH_NAME : ANSWER_FLAGS, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(address === undefined ? 0 : 1, 6);
  header.writeUInt32BE(0, 8);
  const parts = [header, question.subarray(HEADER_BYTES)];
  if (address !== undefined) {
    const record = Buffer.from([...NAME_POINTER, 0, TYPE_A, 0, 1, 0, 0, 0, TTL_SECONDS, 0, 4]);
    parts.push(record, Buffer.from(address.split(".").map(Number)));
  }
  return Buffer.concat(parts);
}
