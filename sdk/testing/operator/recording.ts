/**
 * Everything that passes through the operator's hands, in order.
 *
 * @module
 */
import { encodeToWorker } from "#protocol/enclave-to-worker.ts";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";

export interface Frame {
  readonly direction: "to-enclave" | "from-enclave";
  readonly type: WorkerToEnclave["type"] | EnclaveToWorker["type"];
  readonly bytes: Uint8Array;
}

/** One HTTPS exchange of a contract, as whoever carries its TCP bytes sees it. */
export interface Egress {
  /** Resolved in the clear. Path, headers and bodies are inside TLS. */
  readonly host: string;
  readonly port: number;
  /** Bytes of request and response; framing and TLS are left out. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export class Recording {
  readonly frames: Frame[] = [];
  readonly egress: Egress[] = [];

  /** Notes an exchange, and the lookup that goes before it in the clear. */
  see(egress: Egress): void {
    const id = this.egress.push(egress);
    const lookup = { kind: "egress-resolve", id, host: egress.host } as const;
    const bytes = encodeToWorker({ type: "egress", egress: lookup });
    this.frames.push({ direction: "from-enclave", type: "egress", bytes });
  }
}
