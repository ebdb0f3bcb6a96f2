/**
 * The physical limit of a query: a bare node:http server that decodes a MessagePack body and answers
 * with one of a given size. Run as a process of its own: `node echo.ts REPLY_BYTES`.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pack, unpack } from "msgpackr";

const reply = pack([new Uint8Array(Number(process.argv[2] ?? 0))]);

const server = createServer((request, response) => {
  const pieces: Uint8Array[] = [];
  request.on("data", (piece: Uint8Array) => pieces.push(piece));
  request.on("end", () => {
    unpack(Buffer.concat(pieces));
    response.writeHead(200, {
      "content-type": "application/msgpack",
      "content-length": reply.length,
    });
    response.end(reply);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // listening on TCP
  console.log(`http://127.0.0.1:${port}`);
});
