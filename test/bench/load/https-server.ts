/**
 * The far end of the HTTP benchmark: an HTTPS server in a process of its own.
 *
 * Answers at once, after `/wait/MS` milliseconds, or, at `/close`, with the connection closed behind the answer; `/waiting`
 * tells how many requests wait. Prints one line of JSON: its port and the root that signs for it.
 *
 * @module
 */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServerIdentity } from "#sdk/testing/https/server.ts";

const KEEP_ALIVE_MS = 60_000;

const { key, cert, root } = createServerIdentity();
let waiting = 0;

const server = createServer({ key, cert, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const { url = "/" } = request;
  if (url.startsWith("/close")) response.setHeader("connection", "close");
  if (url === "/waiting") return void response.end(String(waiting));
  const waitMs = Number(url.startsWith("/wait/") ? url.slice("/wait/".length) : 0);
  if (waitMs === 0) return void response.end("ok");
  waiting++;
  return void setTimeout(() => {
    waiting--;
    response.end("ok");
  }, waitMs);
});
server.listen(0, "127.0.0.1", 4_096, () => {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  console.log(JSON.stringify({ port, root }));
});
