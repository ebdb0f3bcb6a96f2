/**
 * HRM4NNN: failures of the worker process and the command. Numbers are in `worker/codes.ts`.
 *
 * @module
 */
import type { Explanation } from "#sdk/client/explain/explanation.ts";

export const workerTable: Readonly<Record<string, Explanation>> = {
  HRM4001: {
    title: "The command line is not understood",
    why: "A flag, verb or argument is missing, unknown or misspelt; nothing was done.",
    fix: "Compare with the help: hermetic --help, or hermetic VERB --help.",
  },
  HRM4002: {
    title: "A file cannot be read",
    why: "It is not there, is a directory, or belongs to somebody else.",
    fix: "Check the path in the message and its permissions.",
  },
  HRM4003: {
    title: "The file or directory exists already",
    why: "The command never overwrites what it did not make, least of all keys.",
    fix: "Choose another name, or move the old one away.",
  },
  HRM4004: {
    title: "A file cannot be written",
    why: "The disk or its permissions refuse; nothing was half-written.",
    fix: "Check space and permissions of the directory in the message.",
  },
  HRM4005: {
    title: "The key file cannot be used",
    why: "It must be a file made by hermetic keys new, unchanged.",
    fix: "Make a new one with hermetic keys new --out FILE, or restore the old one from a backup.",
  },
  HRM4006: {
    title: "The file holds no ABI",
    why: "Calls are typed by the ABI that hermetic build writes: the .abi.json file, or the .wasm file itself.",
    fix: "Pass one of these two files with --abi.",
  },
  HRM4007: {
    title: "The arguments cannot be read",
    why: "--args takes a JSON object by parameter name or an array in order; single arguments are name=value.",
    fix: "Quote the JSON for your shell; hermetic call ADDRESS --abi FILE lists methods and parameters.",
  },
  HRM4008: {
    title: "There is no such template",
    why: "hermetic new knows a fixed list of templates.",
    fix: "Choose one of those in the message.",
  },
  HRM4009: {
    title: "Node is too old",
    why: "Contracts run on Node 26 or newer; older ones lack the sandbox and the WebAssembly they need.",
    fix: "Run it from npm scripts in a project that has node 26 as a devDependency, or install Node 26.",
  },
  HRM4010: {
    title: "There is no such error code",
    why: "Codes are HRM and four digits; names such as OUT_OF_GAS work too.",
    fix: "Run hermetic explain without a code for the whole list.",
  },
  HRM4011: {
    title: "The file is no built contract",
    why: "hermetic works on the .wasm components that hermetic build writes.",
    fix: "Build the contract and pass the .wasm file.",
  },
  HRM4012: {
    title: "Tests failed",
    why: "At least one test of the project did not pass.",
    fix: "Read the report above; run hermetic test NAME to repeat some of them.",
  },
  HRM4013: {
    title: "A tool that the project needs is not installed",
    why: "hermetic test runs the vitest of the project.",
    fix: "Run npm install in the project's directory.",
  },
  HRM4014: {
    title: "The package does not say where it came from",
    why: "A new project depends on the very package that made it, never on a name that anybody may own in a registry.",
    fix: "Install hermetic from its tarball or directory and run it from there.",
  },
  HRM4015: {
    title: "Interrupted",
    why: "The command was stopped from outside before it was done.",
    fix: "Run it again; a command that was already sent may have been executed.",
  },
  HRM4016: {
    title: "The contract refused with an error of its own",
    why: "The contract's code threw one of its @error classes; nothing was changed.",
    fix: "Read the error's name and fields: they are the contract's answer.",
  },
  HRM4017: {
    title: "Some checks failed",
    why: "hermetic doctor found something on this machine that will not work.",
    fix: "Follow the advice beside each failed check.",
  },
  HRM4018: {
    title: "Calls cost more than they may",
    why: "At least one method costs more gas than the committed file says, by more than the tolerance, or there is no such file yet.",
    fix: "Read the table above. If the price is right, hermetic test --gas-save writes the new one.",
  },
  HRM4019: {
    title: "The source does not build to this code",
    why: "A byte of a source file, an imported package or the version of hermetic differs from what the hash was made of.",
    fix: "Run hermetic inspect on the artefact: its build section says which file, version and source hash it was made of.",
  },
  HRM4099: {
    title: "An unexpected failure",
    why: "This is a bug in hermetic, not in your contract.",
    fix: "Report it with the message and the steps that led to it; leave out keys and arguments.",
  },
  HRM4101: {
    title: "There is no Node that can run the enclave",
    why: "The enclave needs Node 26 or newer: its sandbox and its gas prices depend on it.",
    fix: "Start the worker with Node 26, or install the npm package node@26 beside hermetic.",
  },
  HRM4102: {
    title: "The enclave's bundle is missing",
    why: "The worker starts one file, dist/enclave.mjs, whose hash clients verify.",
    fix: "Install the package again; from the sources, run npm run build.",
  },
  HRM4103: {
    title: "The enclave has ended",
    why: "Its process was killed, ran out of memory, or stopped itself because an invariant broke. Nothing unconfirmed counts.",
    fix: "Start the worker again: it recovers from its log. Report it if it happens again.",
  },
  HRM4104: {
    title: "The enclave said something that is no message",
    why: "The worker and its enclave are of different versions, or the bundle was changed.",
    fix: "Install the package again and start with its own dist/enclave.mjs.",
  },
  HRM4105: {
    title: "The enclave did not answer in time",
    why: "It must answer within thirty seconds of its start.",
    fix: "Check the load of the machine and start again.",
  },
  HRM4106: {
    title: "The enclave refuses what the data directory holds",
    why: "It verifies keys, snapshots, deltas and every log entry, and serves nothing that is altered, incomplete or older than something else there.",
    fix: "Look up the fault in the message with hermetic explain. Restore the directory from a backup, or start with --rebuild to make snapshots and deltas anew from the log.",
  },
  HRM4201: {
    title: "Another worker uses this data directory",
    why: "Two workers on one log would contradict each other.",
    fix: "Stop the other one, or choose another --data. The lock goes with its process; there is nothing to delete.",
  },
  HRM4202: {
    title: "The directory holds something else",
    why: "A new cluster is only created where nothing else lives.",
    fix: "Name an empty directory, or one that does not exist yet.",
  },
  HRM4203: {
    title: "A newer version wrote this data",
    why: "An older program could misread it.",
    fix: "Use the version that wrote it, or a newer one.",
  },
  HRM4204: {
    title: "A file of the data directory is missing",
    why: "Without it the rest cannot be opened or trusted.",
    fix: "Restore it from a backup. The simulated secret and cluster.sealed can never be made again.",
  },
  HRM4205: {
    title: "A file of the data directory is damaged",
    why: "Its checksums do not match; it is left as it is.",
    fix: "For snapshots, deltas and receipts: start with --rebuild, which makes them anew from the log. Otherwise restore a backup.",
  },
  HRM4206: {
    title: "The configuration is fixed when the cluster is created",
    why: "Egress grants and extra roots are attested: clients may rely on them.",
    fix: "Start without these flags, or create a new cluster in another directory.",
  },
  HRM4207: {
    title: "The disk refused a write",
    why: "After a failed write or fsync nothing can be known to be durable, so nothing more is confirmed.",
    fix: "Make room or replace the disk, then start again: all that was confirmed is still there.",
  },
  HRM4208: {
    title: "The data directory cannot be read",
    why: "The system refused to open or read a file.",
    fix: "Check permissions and the disk.",
  },
  HRM4209: {
    title: "The log is damaged",
    why: "An entry that was once confirmed is broken or missing at the height in the message. Nothing was cut.",
    fix: "Restore log/entries from a backup that reaches at least that height.",
  },
  HRM4210: {
    title: "The data directory cannot be created",
    why: "A file is where the directory should be or above it (EEXIST), or the system makes no directory there. Nothing was written.",
    fix: "Name a directory, or a path where one can be made: --data DIR.",
  },
  HRM4301: {
    title: "The address cannot be listened on",
    why: "Another process has the port, or the address is not of this machine. The data directory was not touched.",
    fix: "Choose another --listen; port 0 picks a free one.",
  },
  HRM4400: {
    title: "The body is not an envelope",
    why: "Requests carry one sealed envelope in MessagePack.",
    fix: "Use hermetic/client, or encode the body as documented.",
  },
  HRM4403: {
    title: "There is no such path",
    why: "The worker's API has a fixed list of paths.",
    fix: "See GET /v1/info, POST /v1/session, /v1/query, /v1/command, GET /v1/receipt/ID and /v1/events.",
  },
  HRM4404: {
    title: "No receipt is known for this request",
    why: "It was never executed here, is older than what is kept, or its command has not arrived.",
    fix: "Send the same envelope again: it is executed at most once.",
  },
  HRM4405: {
    title: "The path does not take this method",
    why: "Each path of the API has one method.",
    fix: "Use POST for session, query and command, GET for the rest.",
  },
  HRM4408: {
    title: "The request took too long to arrive",
    why: "Slow senders would hold places that others need.",
    fix: "Send the request in one go.",
  },
  HRM4413: {
    title: "The body is larger than an envelope can be",
    why: "The worker stops reading at the limit.",
    fix: "Make the contract or its arguments smaller.",
  },
  HRM4503: {
    title: "The worker is busy",
    why: "Too many requests are under way, or too many from one address.",
    fix: "Try again in a moment; hermetic/client does so by itself.",
  },
  HRM4504: {
    title: "No answer came in time",
    why: "The request is still queued, or the enclave is slow. A command may yet be executed.",
    fix: "Ask for its receipt, or send the same envelope again.",
  },
  HRM4505: {
    title: "The worker is stopping",
    why: "It answers what it has begun and takes nothing new.",
    fix: "Try again when it is back, or call another worker of the cluster.",
  },
};
