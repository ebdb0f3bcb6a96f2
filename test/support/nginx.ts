/**
 * nginx as an ordinary server of the web: in the foreground, unprivileged, with all its files in a temporary folder.
 *
 * @module
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerIdentity } from "#sdk/testing/https/server.ts";

/** Debian puts it where only root's search path leads. */
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin`;
/** Somebody else may take the port between its choice and its use. */
const PORT_TRIES = 5;
const READY_MS = 30_000;

export const protocols = ["TLSv1.2", "TLSv1.3"] as const;
export type Protocol = (typeof protocols)[number];

/** One request as nginx logged it. */
export interface Logged {
  /** Serial number of the TCP connection. */
  readonly connection: number;
  readonly protocol: string;
  readonly request: string;
  readonly status: number;
}

export interface Nginx extends AsyncDisposable {
  /** `https://127.0.0.1:port`, with this protocol and no other. */
  origin(protocol: Protocol): string;
  /** What is served as `/name`. */
  file(name: string, contents: string | Uint8Array): void;
  log(): readonly Logged[];
}

/** Its version, such as `nginx/1.22.1`; undefined where it is not installed. */
export function nginxVersion(): string | undefined {
  const { status, stderr } = spawnSync("nginx", ["-v"], { env: { PATH }, encoding: "utf8" });
  return status === 0 ? stderr.trim().split(": ")[1] : undefined;
}

export async function startNginx(identity: ServerIdentity): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "hermetic-nginx-"));
  const root = join(folder, "root");
  mkdirSync(root);
  writeFileSync(join(folder, "cert.pem"), identity.cert);
  writeFileSync(join(folder, "key.pem"), identity.key);
  const { child, ports } = await start(folder, PORT_TRIES);
  return {
    origin: (protocol) => `https://127.0.0.1:${ports[protocols.indexOf(protocol)]}`,
    file: (name, contents) => writeFileSync(join(root, name), contents),
    log: () =>
      readFileSync(join(folder, "access.log"), "utf8").split("\n").filter(Boolean).map(parseLine),
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function start(
  folder: string,
  tries: number,
): Promise<{ child: ChildProcess; ports: readonly number[] }> {
  const ports = await Promise.all(protocols.map(freePort));
  const config = join(folder, "nginx.conf");
  writeFileSync(config, configuration(folder, ports));
  const args = ["-p", folder, "-c", config, "-e", join(folder, "error.log")];
  const child = spawn("nginx", args, { env: { PATH }, stdio: "ignore" });
  const pid = join(folder, "nginx.pid"); // written once it listens
  for (let waitedMs = 0; !existsSync(pid) && child.exitCode === null; waitedMs += 10) {
    if (waitedMs > READY_MS) child.kill("SIGKILL");
    await sleep(10);
  }
  if (child.exitCode === null && child.signalCode === null) return { child, ports };
  if (tries > 1) return start(folder, tries - 1);
  throw new Error(`nginx does not start: ${readFileSync(join(folder, "error.log"), "utf8")}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function configuration(folder: string, ports: readonly number[]): string {
  const servers = protocols.map(
    (protocol, index) => `
  server {
    listen 127.0.0.1:${ports[index]} ssl;
    ssl_protocols ${protocol};
    location / { dav_methods PUT DELETE; }
    location /moved { return 301 /hello.txt; }
    location /busy { add_header retry-after 1 always; return 503 busy; }
  }`,
  );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  log_format short '$connection $ssl_protocol $status $request_method $uri';
  access_log ${folder}/access.log short;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join("\n")}
  ssl_certificate ${folder}/cert.pem;
  ssl_certificate_key ${folder}/key.pem;
  root ${folder}/root;
  types { text/plain txt; application/octet-stream bin; }
  keepalive_timeout 60s;
  client_max_body_size 2m;
  gzip on;
  gzip_types text/plain;
  gzip_min_length 1k;
${servers.join("\n")}
}
`;
}

function parseLine(line: string): Logged {
  const [connection, protocol = "", status, ...request] = line.split(" ");
  return {
    connection: Number(connection),
    protocol,
    status: Number(status),
    request: request.join(" "),
  };
}
