/**
 * The HTTP capability of one enclave: what the entry point wires between pipe and calls.
 *
 * @module
 */
import { createEgress } from "#host/http/egress-client.ts";
import { Gate } from "#host/http/gate.ts";
import { Grants } from "#host/http/grants.ts";
import { HeldResults } from "#host/http/held.ts";
import { liveHttp, type LiveSite } from "#host/http/live.ts";
import { Rates } from "#host/http/rates.ts";
import type { HttpCapability } from "#exec/powers.ts";
import type { EgressFromEnclave } from "#protocol/egress.ts";
import type { ClusterConfig } from "#protocol/info.ts";
import {
  HTTP_HELD_BYTES_MAX,
  HTTP_OPEN_MAX,
  HTTP_OPEN_PER_CONTRACT_MAX,
} from "#protocol/limits.ts";
import { Connections } from "./connections.ts";
import { defaultDeadlines, type Deadlines } from "./deadline.ts";
import { fetchOne } from "./fetch.ts";
import { createTrust } from "./trust.ts";

export interface Http extends HttpCapability {
  /** Fails everything under way. */
  dispose(): void;
}

export interface HttpOptions {
  readonly config: Pick<ClusterConfig, "egressGrants" | "extraRoots">;
  readonly send: (message: EgressFromEnclave) => void;
  /** Shorter ones are for tests. */
  readonly deadlines?: Deadlines;
}

/** @throws {@link Fault} `EGRESS_CONFIG` for a grant or root that does not parse. */
export function createHttp({ config, send, deadlines = defaultDeadlines }: HttpOptions): Http {
  const egress = createEgress(send);
  const grants = new Grants(config.egressGrants);
  const context = {
    tunnels: egress.power,
    grants,
    trust: createTrust(config.extraRoots),
    connections: new Connections(),
    gate: new Gate(HTTP_OPEN_MAX, HTTP_OPEN_PER_CONTRACT_MAX),
    deadlines,
  };
  const nowMs = (): number => performance.now();
  const site: LiveSite = {
    fetchOne: (request, caller, leftMs) => fetchOne(context, caller, request, leftMs),
    cluster: grants,
    rates: new Rates(nowMs),
    held: new HeldResults(HTTP_HELD_BYTES_MAX),
    requestMs: deadlines.totalMs,
    nowMs,
  };
  return {
    live: (caller) => liveHttp(site, caller),
    receive: (message) => egress.receive(message),
    dispose: () => {
      context.connections.dispose();
      egress.dispose();
    },
  };
}
