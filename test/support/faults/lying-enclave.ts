/**
 * The real enclave in its own process, behind a worker process that lies about contracts' connections.
 *
 * @module
 */
import { openEnclave, type EnclaveLink, type OpenEnclave } from "#worker/enclave/link.ts";
import type { Liar } from "#test/support/faults/liar.ts";

/** Opens the enclave for `startWorker`. @param bundle - Path of the enclave's bundle. */
export function openBehind(liar: Liar, bundle: string): OpenEnclave {
  return ({ message: honest, lost }) => {
    const link = openEnclave(bundle, {
      lost,
      message: (message) => {
        if (message.type !== "egress") return honest(message);
        const handled = liar.handle(message.egress);
        if ("carry" in handled) return honest({ type: "egress", egress: handled.carry });
        return link.send({ type: "egress", egress: handled.answer });
      },
    });
    return lying(link, liar);
  };
}

function lying(link: EnclaveLink, liar: Liar): EnclaveLink {
  return {
    pid: link.pid,
    get waitingBytes() {
      return link.waitingBytes;
    },
    send(message) {
      if (message.type !== "egress") return link.send(message);
      for (const egress of liar.tell(message.egress)) link.send({ type: "egress", egress });
    },
    drained: () => link.drained(),
    stop: () => link.stop(),
  };
}
