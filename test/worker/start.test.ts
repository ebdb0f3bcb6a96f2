/**
 * The order in which a worker takes its address, makes its data directory and becomes visible to clients.
 *
 * @module
 */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createReport } from "#worker/report.ts";
import { startWorker, type WorkerOptions } from "#worker/start.ts";
import { freshDirectory } from "./support/directory.ts";
import { FakeEnclave, type FakeOptions } from "./support/fake-enclave.ts";

/** An address of its own, where the system has as many: nobody else takes a port there in the meantime. */
const HOST =
  process.platform === "linux"
    ? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
    : "127.0.0.1";

function optionsOf(dataPath: string, port: number, fake: FakeOptions = {}): WorkerOptions {
  return {
    dataPath,
    bundle: "",
    listen: { host: HOST, port },
    report: createReport(() => undefined, false),
    open: (events) => new FakeEnclave(events, fake),
  };
}

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** How a connection to the port ends before anything is answered. */
async function knock(port: number): Promise<string> {
  const socket = connect(port, HOST);
  socket.end("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  return await new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""));
  });
}

describe("startWorker()", () => {
  it("creates nothing and starts no enclave where its address is taken", async () => {
    const other = createServer().listen(0, HOST);
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const dataPath = join(freshDirectory(), "data");
    let enclaves = 0;
    const options = optionsOf(dataPath, (other.address() as AddressInfo).port);
    const open: WorkerOptions["open"] = (events) => {
      enclaves++;
      return new FakeEnclave(events);
    };
    await expect(startWorker({ ...options, open })).rejects.toMatchObject({
      reason: "LISTEN_REFUSED",
    });
    expect(existsSync(dataPath)).toBe(false);
    expect(enclaves).toBe(0);
  });

  it("turns clients away until its boot entry is in the log, and serves when it says so", async () => {
    const port = await freePort();
    const knocks: Promise<string>[] = [];
    const worker = await startWorker(
      optionsOf(join(freshDirectory(), "data"), port, {
        before: () => {
          knocks.push(knock(port));
          return false;
        },
      }),
    );
    onTestFinished(() => worker.stop());
    expect(knocks.length).toBeGreaterThan(3);
    // The first came before anything was restored; the last may have come when it served.
    expect(await knocks[0]).toMatch(/^(ECONNRESET|EPIPE)$/);
    expect(await knock(port)).toBe("HTTP/1.1 200 OK");
  });

  it("gives the address back if it does not start", async () => {
    const port = await freePort();
    const directory = freshDirectory();
    writeFileSync(join(directory, "thesis.txt"), "precious");
    await expect(startWorker(optionsOf(directory, port))).rejects.toMatchObject({
      reason: "DATA_FOREIGN",
    });
    expect(await knock(port)).toBe("ECONNREFUSED");
    mkdirSync(join(directory, "data"));
    const worker = await startWorker(optionsOf(join(directory, "data"), port));
    expect(readdirSync(join(directory, "data"))).toContain("config.json");
    await worker.stop();
  });
});
