/**
 * HRM11NN and HRM12NN: envelopes and sessions.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";

const ANEW = "Use the client, which does this for you; if it was the client, connect again.";

export const sessionTable = {
  ENVELOPE_TOO_LARGE: {
    title: "The request is too large",
    why: "An envelope over the limit is refused before it is opened.",
    fix: "Send less in one call: split the arguments, or make the contract smaller.",
  },
  ENVELOPE_MALFORMED: {
    title: "The request is not an envelope of this version",
    why: "It is too short, has another version or kind, or holds something else inside.",
    fix: "Use a client and a worker of the same version.",
  },
  ENVELOPE_KIND: {
    title: "The request was sent to the wrong address",
    why: "A query is never taken as a command, nor the reverse.",
    fix: ANEW,
  },
  ENVELOPE_CLUSTER: {
    title: "The request is for another cluster",
    why: "Envelopes name their cluster, so that none can be replayed elsewhere.",
    fix: "Connect again to learn which cluster this worker belongs to.",
  },
  ENVELOPE_EPOCH: {
    title: "The request uses keys of another epoch",
    why: "The cluster has changed its keys since this client connected.",
    fix: "Connect again to learn the present keys.",
  },
  ENVELOPE_UNOPENED: {
    title: "The request could not be opened",
    why: "It was altered on its way, or sealed with other keys.",
    fix: "Try again; if it happens again, something between you and the worker alters requests.",
  },
  MESSAGE_MALFORMED: {
    title: "A message does not have its form",
    why: "The worker process and the enclave, or client and worker, are of different versions, or a message was altered.",
    fix: "Use the same version everywhere.",
  },
  SESSION_UNKNOWN: {
    title: "The session is not known",
    why: "It was idle for an hour, made room for newer ones, or never existed.",
    fix: "Open a new session: the client does so before the next call.",
  },
  SESSION_REPLAYED: {
    title: "The request was already received",
    why: "Every sequence number counts once, so a repeated command cannot run twice.",
    fix: "Ask for the receipt of the first one; the client does so by itself.",
  },
  SESSION_SEQUENCE_OLD: {
    title: "The request arrived too late",
    why: "More than 256 newer requests of the same session came before it.",
    fix: "Send it again with a new sequence number, after reading the state if it was a command.",
  },
  SESSION_CERTIFICATE: {
    title: "The session's certificate was refused",
    why: "Its signature does not belong to the account, or it is dated more than five minutes off.",
    fix: "Connect again, so that the certificate is dated by the worker's present time.",
  },
  SESSION_LIMIT: {
    title: "The cluster has no room for another session",
    why: "The number of sessions is limited, and none has been idle for an hour.",
    fix: "Try again later, and keep one connection instead of opening many.",
  },
  SESSION_KEY: {
    title: "The session's key was refused",
    why: "The encapsulated key is a point of low order, which would give a secret everybody knows.",
    fix: ANEW,
  },
} as const satisfies Partial<Record<FaultCode, Explanation>>;
