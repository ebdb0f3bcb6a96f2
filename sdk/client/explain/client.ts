/**
 * HRM2NNN: failures found by the client itself.
 *
 * @module
 */
import type { ClientErrorName } from "#sdk/client/errors/client-errors.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";

export const clientTable: Readonly<Record<ClientErrorName, Explanation>> = {
  VALUE_INVALID: {
    title: "A value does not fit the type that the ABI gives",
    why: "The client checks every argument before it encrypts, so that nothing is cut or rounded.",
    fix: "Correct the value at the path shown; 64-bit and wider integers are bigints.",
  },
  METHOD_UNKNOWN: {
    title: "The ABI has no such method of that kind",
    why: "Commands change state and queries read it; each is called in its own way.",
    fix: "Compare the name with the ABI, and use command for @command and query for @query.",
  },
  ARTEFACT_INVALID: {
    title: "The artefact is not a component built by hermetic",
    why: "It must be a WebAssembly component that carries its ABI in the section hermetic:abi.",
    fix: "Build it with hermetic build and pass the .wasm file as it is.",
  },
  ADDRESS_INVALID: {
    title: "The address or account is not 32 bytes in hexadecimal",
    why: "Contracts and accounts are named by 64 hexadecimal digits.",
    fix: "Copy the address that deploy returned, whole.",
  },
  KEY_INVALID: {
    title: "The key is not usable",
    why: "A key file holds a 32-byte seed and the account that belongs to it.",
    fix: "Make one with hermetic keys new or Wallet.generate(), and do not edit it.",
  },
  OPTION_INVALID: {
    title: "An option has a value it cannot have",
    why: "Options are checked before anything is sent.",
    fix: "Correct the option named in the message.",
  },
  ABI_INVALID: {
    title: "The ABI is not valid",
    why: "It is not a version 1 ABI, or it names a type that it does not define.",
    fix: "Use the .abi.json or .abi.ts that hermetic build wrote beside the artefact.",
  },
  ABI_MISMATCH: {
    title: "The contract's answer does not fit the ABI",
    why: "The ABI that was passed is of another contract or of another version of it. A command whose answer cannot be read has run all the same.",
    fix: "Take the ABI from the artefact that was deployed at this address.",
  },
  LAYOUT_CHANGED: {
    title: "The new code does not read the state that the old code has stored",
    why: "A state field was removed, or its type changed in a way that makes stored values unreadable; the message names each.",
    fix: 'Keep the field (a renamed one with @was("old")), or take the old values over in a @migrate method.',
  },
  SIMULATED_REFUSED: {
    title: "The worker's enclave is simulated",
    why: "A simulated enclave protects nothing from whoever controls the machine, so it is refused unless you allow it.",
    fix: "For development pass trust: { allowSimulated: true } (--allow-simulated); otherwise choose a worker on real hardware.",
  },
  MEASUREMENT_REFUSED: {
    title: "The worker runs an enclave that is not on your list",
    why: "Its measurement, the hash of the code inside, is none of trust.measurements.",
    fix: "Check with hermetic inspect which enclave it runs; add its measurement only after you have verified that code.",
  },
  EVIDENCE_INVALID: {
    title: "The worker's evidence is not genuine",
    why: "Its signature does not come from the root that vouches for this kind of enclave.",
    fix: "Do not use this worker; somebody may be posing as an enclave.",
  },
  EVIDENCE_FOREIGN: {
    title: "The worker's evidence is about other keys",
    why: "Genuine evidence was shown together with keys, a boot or a configuration it does not vouch for.",
    fix: "Do not use this worker; somebody may stand between you and the enclave.",
  },
  CLUSTER_NAME: {
    title: "The cluster's name does not belong to its key and configuration",
    why: "A cluster is named by the hash of its first key and its configuration.",
    fix: "Do not use this worker.",
  },
  CLUSTER_CHANGED: {
    title: "The worker now belongs to another cluster",
    why: "State, keys and contracts of the cluster this client knew are not there any more.",
    fix: "If the operator began anew on purpose, connect again and deploy again; otherwise distrust the worker.",
  },
  CLUSTER_KEY: {
    title: "The cluster's public key is not a usable key",
    why: "With a point of low order everybody could compute the session's secret.",
    fix: "Do not use this worker.",
  },
  REPLY_UNOPENED: {
    title: "The reply was not sealed for this request",
    why: "It was altered, or it answers another request or another session.",
    fix: "Do not rely on this worker. A command may have run all the same: read the state before you repeat it.",
  },
  REPLY_MALFORMED: {
    title: "The reply contradicts itself",
    why: "It opened, but it does not have the form that an enclave of this version gives it.",
    fix: "Use a client and a worker of the same version.",
  },
  REPLY_SIGNATURE: {
    title: "The reply is not signed by the worker's enclave",
    why: "Neither the key in the evidence nor a newer one of the same cluster made the signature.",
    fix: "Do not rely on this worker; connect again to see its evidence anew.",
  },
  ROLLBACK: {
    title: "The worker shows an older state than it has shown before",
    why: "Its height or boot is lower than one this client has seen: the state was rolled back, or a copy of it was started.",
    fix: "Do not rely on this worker until its operator has restored the newest state.",
  },
  FORK: {
    title: "The worker shows another history than before",
    why: "At a height this client knows, the state digest is a different one.",
    fix: "Do not rely on this worker; keep the proofs of both replies as evidence.",
  },
  CODE_CHANGED: {
    title: "The contract runs other code than expected",
    why: "The code hash is not the one you deployed, asked for or saw first: its owner has upgraded it. Code that you did not expect has not seen your call.",
    fix: "If you expect upgrades, take a new handle or pass followUpgrades. If not, compare the hash with the one that hermetic inspect shows of the code you trust before you use this contract.",
  },
  UNREACHABLE: {
    title: "The worker cannot be reached",
    why: "No connection could be made, or every one broke before an answer came.",
    fix: "Check the address and that the worker runs, then try again.",
  },
  TIMED_OUT: {
    title: "The worker did not answer in time",
    why: "It is slow, overloaded or stuck, or something on the way is.",
    fix: "Try again later or raise timeoutMs.",
  },
  OUTCOME_UNKNOWN: {
    title: "Whether the command ran is not known",
    why: "It was sent, but no sealed answer came back in time, or the worker process claims that its session is gone.",
    fix: "Read the contract's state before you send the command again.",
  },
  NOT_A_WORKER: {
    title: "The address does not answer like a Hermetic worker",
    why: "Another program may listen there, or the worker has another version.",
    fix: "Check the URL; GET /v1/info must answer.",
  },
  BEHIND: {
    title: "The worker has not reached the height you asked for",
    why: "atLeast demands a state that this worker did not have before the time was up.",
    fix: "Wait and try again, or ask another worker of the cluster.",
  },
  CANCELLED: {
    title: "The call was cancelled",
    why: "Its AbortSignal was triggered. A command that was already sent may still run.",
    fix: "Read the contract's state before you send the command again.",
  },
  UNEXPECTED: {
    title: "The client failed in a way it should not",
    why: "This is a defect of the client, not of your program or the contract.",
    fix: "Report it with the code and what you called.",
  },
};
