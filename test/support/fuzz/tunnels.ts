/**
 * Any messages in any order for one tunnel: what reaches its reader keeps to the rules.
 *
 * @module
 */
import { createEgress } from "#host/http/egress-client.ts";
import type { EgressToEnclave } from "#protocol/egress.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";
import { demand, type Target } from "#test/support/fuzz/target.ts";
import type { Tape } from "#test/support/random/tape.ts";

const STEPS_MAX = 30;
const block = new Uint8Array(EGRESS_CHUNK_BYTES_MAX);

function messageOf(tape: Tape, id: number): EgressToEnclave {
  const at = tape.once(12) ? id + 1 : id;
  switch (tape.draw(7)) {
    case 0:
      return { kind: "egress-connected", id: at };
    case 1:
    case 2:
      return { kind: "egress-data", id: at, bytes: block.subarray(0, tape.draw(block.length + 1)) };
    case 3:
      return { kind: "egress-credit", id: at, count: tape.draw(EGRESS_WINDOW_BYTES + 1) };
    case 4:
      return tape.once(3)
        ? { kind: "egress-end", id: at }
        : { kind: "egress-credit", id: at, count: 0 };
    case 5:
      return { kind: "egress-resolved", id: at, addresses: [] };
    default:
      return tape.once(3) ? { kind: "egress-error", id: at } : { kind: "egress-connected", id: at };
  }
}

export const tunnels: Target = {
  name: "messages of a tunnel",
  share: 5,
  run: (tape) => {
    let sentBytes = 0;
    let returned = 0;
    let credited = EGRESS_WINDOW_BYTES;
    const egress = createEgress((message) => {
      if (message.kind === "egress-data") sentBytes += message.bytes.length;
      if (message.kind === "egress-credit") returned += message.count;
    });
    const tunnel = egress.power.connect("127.0.0.1", 443);
    let received = 0;
    let end: "end" | "failed" | undefined;
    const over = (how: "end" | "failed"): void => {
      demand(end === undefined, "it ends twice", how);
      end = how;
    };
    tunnel.listen({
      data: (bytes) => {
        demand(end === undefined, "data behind the end", bytes.length);
        received += bytes.length;
      },
      end: () => over("end"),
      failed: () => over("failed"),
    });
    // A tunnel begins as it should half of the time: else nothing would follow.
    if (tape.once(2)) egress.receive({ kind: "egress-connected", id: 1 });
    for (let left = tape.draw(STEPS_MAX); left > 0; left--) {
      if (tape.once(6)) void tunnel.write(block);
      if (tape.once(5)) tunnel.consumed(Math.max(0, received - returned) >> 1);
      const message = messageOf(tape, 1);
      if (message.kind === "egress-credit" && message.id === 1) credited += message.count;
      egress.receive(message);
    }
    demand(received <= EGRESS_WINDOW_BYTES + returned, "more than the window", received);
    demand(sentBytes <= credited, "more than the credit", sentBytes);
    const verdict = end === "failed" ? "refused" : "taken";
    egress.dispose();
    return verdict;
  },
};
