/**
 * Starts the HTTPS server of the benchmarks, and asks it as a program of Node would.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:https";
import { join } from "node:path";

export interface FarEnd {
  readonly origin: string;
  /** PEM of the certificate that clients must trust. */
  readonly root: string;
  /** One GET by `node:https` with a keep-alive agent; milliseconds until the whole answer is there. */
  ask(path: string): Promise<number>;
  /** Requests that wait for their answer there. */
  waiting(): Promise<number>;
  stop(): void;
}

export async function startFarEnd(): Promise<FarEnd> {
  const file = join(import.meta.dirname, "https-server.ts");
  const child = spawn(process.execPath, ["--conditions=hermetic-source", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { port, root } = JSON.parse(line.toString()) as { port: number; root: string };
  const origin = `https://127.0.0.1:${port}`;
  // What a process keeps by default between connections (TLS sessions) is not compared: the enclave keeps none.
  const agent = new Agent({ keepAlive: true, ca: root, maxCachedSessions: 0 });

  function body(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = get(origin + path, { agent }, (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => (text += piece.toString()));
        response.on("end", () => resolve(text));
      });
      request.on("error", reject);
    });
  }

  return {
    origin,
    root,
    async ask(path) {
      const start = performance.now();
      await body(path);
      return performance.now() - start;
    },
    waiting: async () => Number(await body("/waiting")),
    stop: () => {
      agent.destroy();
      child.kill("SIGKILL");
    },
  };
}
