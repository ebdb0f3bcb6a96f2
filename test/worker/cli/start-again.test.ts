/**
 * The command under an older Node, which starts it again by the project's own: signals that reach only the
 * first process, and how it ends.
 *
 * The first process is made to believe that it is old; all else of it is real.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { freshDirectory } from "../support/directory.ts";
import { isAlive } from "#test/support/worker-process.ts";

// Every run of the command is two processes.
vi.setConfig({ testTimeout: 180_000 });

const MAIN = join(import.meta.dirname, "../../../worker/cli/main.ts");
const OLD = 'data:text/javascript,Object.defineProperty(process,"version",{value:"v20.0.0"})';

interface Started {
  readonly launcher: ChildProcess;
  /** Its exit code and the signal that has ended it. */
  readonly ended: Promise<unknown[]>;
}

function startByOld(args: readonly string[]): Started {
  const launcher = spawn(process.execPath, ["--import", OLD, MAIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: "--conditions=hermetic-source" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(launcher, "exit");
  onTestFinished(async () => {
    launcher.kill("SIGTERM");
    await ended;
  });
  return { launcher, ended };
}

interface StartedWorker extends Started {
  /** Of the process that the older Node has started. */
  readonly pid: number;
  readonly enclavePid: number;
}

async function startWorkerByOld(): Promise<StartedWorker> {
  const data = join(freshDirectory(), "data");
  const started = startByOld(["worker", "--data", data, "--listen", "127.0.0.1:0", "--json"]);
  const text = await new Promise<string>((resolve) => {
    let said = "";
    started.launcher.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("\n")) resolve(said);
    });
    void started.ended.then(() => resolve(said));
  });
  const { pid, enclavePid } = JSON.parse(text) as { pid: number; enclavePid: number };
  expect(pid).not.toBe(started.launcher.pid);
  return { ...started, pid, enclavePid };
}

describe("startAgain()", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "passes on %s, and ends as a worker that stops",
    async (signal) => {
      const { launcher, ended, pid, enclavePid } = await startWorkerByOld();
      launcher.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect([pid, enclavePid].filter(isAlive)).toEqual([]);
    },
  );

  it("lets a worker stop in peace if Ctrl-C reaches it from several sides", async () => {
    const { launcher, ended, pid } = await startWorkerByOld();
    for (const each of [pid, launcher.pid ?? 0, launcher.pid ?? 0]) process.kill(each, "SIGINT");
    expect(await ended).toEqual([0, null]);
  });

  it("ends by the signal that has ended the other", async () => {
    const { ended, pid } = await startWorkerByOld();
    process.kill(pid, "SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "ends by %s with a verb that does not wait for it",
    async (signal) => {
      const silent = createServer().listen(0, "127.0.0.1");
      onTestFinished(() => void silent.close());
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      const { launcher, ended } = startByOld(["inspect", `http://127.0.0.1:${port}`]);
      const [socket] = (await once(silent, "connection")) as [Socket];
      socket.on("error", () => undefined).resume();
      const gone = once(socket, "close");
      launcher.kill(signal);
      expect(await ended).toEqual([null, signal]);
      await gone;
    },
  );

  it("ends with the exit code of the other", async () => {
    expect(await startByOld(["inspect", "/no/such/file.wasm"]).ended).toEqual([2, null]);
    expect(await startByOld(["explain", "HRM4301"]).ended).toEqual([0, null]);
  });
});
