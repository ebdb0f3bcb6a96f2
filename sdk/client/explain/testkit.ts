/**
 * HRM5NNN: failures of the test kit.
 *
 * @module
 */
import type { Explanation } from "#sdk/client/explain/explanation.ts";

export const testkitTable: Readonly<Record<string, Explanation>> = {
  HRM5001: {
    title: "A contract made an HTTP request that the test has not mocked",
    why: "Tests never reach the network; a request without a mock is a mistake in the contract or in the test.",
    fix: "Add world.http.get(url).reply(status, body), or correct the URL in the contract.",
  },
  HRM5002: {
    title: "An HTTP mock was not used",
    why: "The test expected a request that the contract did not make, or made less often than times() says.",
    fix: "Remove the mock, correct its URL, or mark it with .optional().",
  },
  HRM5003: {
    title: "This URL cannot be mocked",
    why: "Contracts reach https URLs on port 443 only, and what the world's egressGrants allow besides.",
    fix: "Write the URL as the contract does, or pass egressGrants to createWorld.",
  },
  HRM5004: {
    title: "An HTTP mock was asked but has no answer",
    why: "It was made with a URL only.",
    fix: "Call .reply(), .replyWith() or .fail() on it.",
  },
  HRM5005: {
    title: "An HTTP mock has an answer that no server could give",
    why: "A status has three digits, and headers and bodies have the limits they have on a worker.",
    fix: "Correct what the message names; use .fail() for an answer that does not arrive.",
  },
  HRM5006: {
    title: "There is no contract of that name",
    why: "contract:NAME looks for NAME.ts, or a file whose @contract class has that name in kebab case.",
    fix: "Correct the name, or tell the plugin where contracts are: hermetic({ contracts: [...] }).",
  },
  HRM5007: {
    title: "Several contracts have that name",
    why: "The name of an import must lead to one file.",
    fix: "Rename one of the files, or narrow the plugin's contracts option.",
  },
  HRM5008: {
    title: "A world's time cannot run back",
    why: "The log keeps time monotonic, on a worker as in a test.",
    fix: "Take a snapshot before, and restore it.",
  },
  HRM5009: {
    title: "The world was restarted or restored while this call was waiting",
    why: "The enclave that ran it is gone, as after the crash of a worker.",
    fix: "Await the call before, or expect this failure.",
  },
  HRM5010: {
    title: "The enclave stopped with an internal error",
    why: "On a worker the process would have ended here. This is a defect of hermetic, not of your contract.",
    fix: "Report it with the cause that this error carries.",
  },
  HRM5011: {
    title: "The matcher cannot be used on this value",
    why: "Matchers take a call's promise, its result, or a function that makes the call.",
    fix: "Write expect(contract.command.method(…)) or expect(() => contract.command.method(…)).",
  },
  HRM5012: {
    title: "A caller has no usable name",
    why: "Callers are wallets derived from a name, so a name must be a text that is not empty.",
    fix: 'Pass a name such as "ann", or a Wallet.',
  },
  HRM5013: {
    title: "There is no data directory of a worker",
    why: "A fork goes on from what a worker has stored: a folder with config.json, cluster.sealed and a log.",
    fix: "Pass the folder that hermetic worker was given with --data, after a start that got as far as serving.",
  },
  HRM5014: {
    title: "A world cannot have these options together",
    why: "A fork has the configuration and the time of the cluster that it goes on from.",
    fix: "Leave out the option that the message names; move time on with world.time.advance.",
  },
  HRM5015: {
    title: "This contract was not deployed by the world",
    why: "It was there before: a handle from world.contract knows nothing of how it came to be.",
    fix: "Ask contract.describe(), which the cluster answers.",
  },
  HRM5016: {
    title: "There is no command of that name to call at random",
    why: "Arbitrary arguments and calls are made by the ABI, and it has no such method.",
    fix: "Correct the name; contract.abi.methods lists what there is.",
  },
  HRM5017: {
    title: "There is no usable recording of HTTP",
    why: "world.http.recording plays back a JSON file that an earlier run has written.",
    fix: "Run hermetic test --record once to ask the real web and write it; commit the file.",
  },
  HRM5018: {
    title: "A contract asked what is not in the recording",
    why: "A recording is played back strictly: method, URL, headers and body must be as they were.",
    fix: "Record anew with hermetic test --record. If the request holds what ctx.random drew, give createWorld a seed.",
  },
  HRM5019: {
    title: "The recording holds exchanges that no contract asked for",
    why: "The contract asks less than it did when the file was written.",
    fix: "Record anew with hermetic test --record.",
  },
  HRM5020: {
    title: "An exchange cannot be recorded without a secret in it",
    why: "Recordings are files that others read; a secret is taken out only where it stands as it is.",
    fix: "Put the secret into a header with secrets.ref, or mock this request. In a fork, say how the secret is called: world.http.conceal, or hermetic query --secrets FILE.",
  },
  HRM5021: {
    title: "This data directory is not a simulated enclave's",
    why: "A fork opens what a worker has stored with the simulated hardware's secret, which lies in simulated-tee/secret. Hardware gives its secret to nobody.",
    fix: "Fork the directory of hermetic dev, or of a worker without hardware protection, copied as a whole.",
  },
};
