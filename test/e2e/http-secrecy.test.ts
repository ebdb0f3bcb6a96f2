/**
 * Goal: of a contract's HTTPS the operator learns where to, how much and when, and nothing else: two runs that
 * differ in a secret agree in all that can be counted (ATTACKS 51 and 68).
 * Method: the real worker and enclave, one server for all runs; what passes between the two processes, what
 * the client sends and gets and what lies in the data directory is counted.
 *
 * @module
 */
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createReport } from "#worker/report.ts";
import { startWorker } from "#worker/start.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import {
  createServerIdentity,
  startTlsServer,
  type LocalHttps,
} from "#sdk/testing/https/server.ts";
import { EgressShape, type Seen } from "#test/support/egress-shape.ts";
import { Proxy } from "./support/proxy.ts";
import { readRecords } from "./support/records.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const BUNDLE = join(import.meta.dirname, "../../dist/enclave.mjs");

const site = new Site(afterAll);
let artefact: BuiltContract;
let server: LocalHttps;
let answer = "";

/**
 * Answers each request once all of it is there, and never closes: whether a closing server's last bytes still
 * pass is a matter of chance.
 */
function serve(socket: TLSSocket): void {
  let text = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (;;) {
      const request = /^[^]*?\r\n\r\n/.exec(text)?.[0];
      if (request === undefined) return;
      const bodyBytes = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
      if (text.length < request.length + bodyBytes) return;
      text = text.slice(request.length + bodyBytes);
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`);
    }
  });
}

beforeAll(async () => {
  // RSA signatures are all of one length; those of P-256 would make handshakes differ by chance.
  const identity = createServerIdentity({ rsaBits: 2048 });
  server = await startTlsServer(serve, identity);
  artefact = await fixture("courier");
});
afterAll(() => server[Symbol.asyncDispose]());

interface Secrets {
  /** An API key that only the contract has. */
  readonly key: string;
  /** What a client has the contract say, and ask for. */
  readonly sent: string;
  /** What the server answers. */
  readonly answered: string;
}

interface Shape {
  readonly egress: readonly Seen[];
  readonly elsewhere: unknown;
}

async function shapeOf({ key, sent, answered }: Secrets): Promise<Shape> {
  answer = answered;
  const data = site.path(`data ${key} ${sent.length}`);
  const shape = new EgressShape();
  const worker = await startWorker({
    dataPath: data,
    bundle: BUNDLE,
    listen: { host: "127.0.0.1", port: 0 },
    config: { egressGrants: ["localhost", "127.0.0.1"], extraRoots: [server.root] },
    report: createReport(() => undefined, false),
    open: shape.opener(BUNDLE),
  });
  const proxy = await Proxy.start(afterAll, worker.url);
  const client = await account(proxy.url);
  const contract = await client.deploy(artefact, { secrets: { key } });
  const url = `https://localhost:${server.port}/`;
  await contract.run("send", { url: url + sent, body: sent }, {});
  await contract.read("ask", { url: url + sent }, {});
  await contract.run("keep", { name: sent, url }, {});
  await worker.stop();
  const http = proxy.passed.map(({ asked, answered: got }) => {
    return [asked.method, asked.path, asked.body.length, got.status, got.body.length];
  });
  const records = ["log/entries", "deltas", "receipts"].map((name) =>
    readRecords(join(data, name)).map(({ number, bytes }) => [number, bytes.length]),
  );
  return { egress: shape.seen, elsewhere: { http, records } };
}

const one: Secrets = { key: "key-4f2b9c17", sent: "aspirin-100mg", answered: "none at all" };

describe("the operator", () => {
  it("cannot tell two secrets of one length apart", async () => {
    const shape = await shapeOf(one);
    const other = { key: "key-00000000", sent: "insulin-300iu", answered: "not so bad!" };
    expect(shape.egress.length).toBeGreaterThan(0);
    expect(await shapeOf(other)).toEqual(shape);
  });

  it("sees from another length how much passed on the connection, and nothing elsewhere", async () => {
    const shape = await shapeOf({ ...one, key: "key-4f2b9c18" });
    const longer = { key: "key-4f2b9c19-and-more", sent: `${one.sent}-twice`, answered: "yes" };
    const other = await shapeOf(longer);
    expect(other.elsewhere).toEqual(shape.elsewhere);
    const targets = ({ egress }: Shape) => egress.map(({ target }) => target);
    expect(targets(other)).toEqual(targets(shape));
    expect(other.egress).not.toEqual(shape.egress);
  });
});
