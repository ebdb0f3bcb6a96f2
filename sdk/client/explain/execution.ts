/**
 * HRM13NN: calls of contracts.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import type { Explanation } from "#sdk/client/explain/explanation.ts";

const REVERTED = "All that the call had written was undone.";

export const executionTable = {
  OUT_OF_GAS: {
    title: "The call ran out of gas",
    why: `It needed more steps than its gas limit allows. ${REVERTED}`,
    fix: "Raise gasLimit up to the maximum, or do less in one call; in a test, world.gas shows what each method uses.",
  },
  STACK_OVERFLOW: {
    title: "The contract's calls were nested too deeply",
    why: `Recursion used more stack than the limit, which is the same on every worker. ${REVERTED}`,
    fix: "Turn the recursion into a loop, or bound its depth.",
  },
  MEMORY_OUT_OF_BOUNDS: {
    title: "The contract pointed outside its memory",
    why: `A pointer or length handed to a host function does not lie in memory. ${REVERTED}`,
    fix: "Use the functions of hermetic/contract instead of raw pointers.",
  },
  TRAP: {
    title: "The contract trapped",
    why: `It divided by zero, read past an array, overflowed a checked operation or reached unreachable code. ${REVERTED}`,
    fix: "Check divisors and indexes before you use them; a test with the same state and arguments repeats it.",
  },
  PANIC: {
    title: "The contract gave up",
    why: `An assertion failed or an error was thrown that is not an @error class. ${REVERTED}`,
    fix: "Read the text and place in the message, or throw an @error class so that callers can handle it.",
  },
  METHOD_UNKNOWN: {
    title: "The contract has no such method of that kind",
    why: "The name is wrong, or a command was called as a query or the reverse.",
    fix: "Compare the call with the ABI of the contract that is deployed.",
  },
  ARGUMENTS_MALFORMED: {
    title: "The arguments do not fit the method",
    why: "Their number or types differ from the contract's signature.",
    fix: "Use the ABI of the very artefact that is deployed.",
  },
  CALLER_REFUSED: {
    title: "This account may not call this method",
    why: "The method is restricted by @only to the account in a state field.",
    fix: "Call with the account that the contract expects.",
  },
  MODE_REFUSED: {
    title: "The contract did what this kind of call may not do",
    why: `A query may not write state, emit events or call a command of another contract. ${REVERTED}`,
    fix: "Make the method a @command, or leave the change out.",
  },
  REGION_TOO_LARGE: {
    title: "The contract handed over too much at once",
    why: `A key, value, text or list is longer than the limit shown. ${REVERTED}`,
    fix: "Split it, for instance into several entries of a Mapping.",
  },
  LIFT_BUDGET: {
    title: "The contract moved too much data in one call",
    why: `All that a call copies out of its memory is limited. ${REVERTED}`,
    fix: "Do less in one call.",
  },
  REENTRY_REFUSED: {
    title: "The contract called the host at a forbidden moment",
    why: `No host function may be called while the host itself is inside the contract. ${REVERTED}`,
    fix: "Do not replace the allocator of hermetic/contract.",
  },
  RESULT_TOO_LARGE: {
    title: "The result is too large",
    why: `A result has the size limit shown. ${REVERTED}`,
    fix: "Return a page at a time.",
  },
  EVENTS_LIMIT: {
    title: "Too many events, or one that is too large",
    why: `Number and size of a call's events are limited. ${REVERTED}`,
    fix: "Emit fewer or smaller events.",
  },
  ABI_VIOLATION: {
    title: "The contract broke the calling convention",
    why: `What it handed to a host function or returned is not a valid value of the interface. ${REVERTED}`,
    fix: "Rebuild it with the current hermetic build.",
  },
  CALL_TIMEOUT: {
    title: "The call took too long",
    why: `It waited for HTTP or computed beyond its deadline. ${REVERTED}`,
    fix: "Ask fewer or faster servers, or do less in one call.",
  },
  BUSY: {
    title: "The worker is busy",
    why: "As many calls as it can hold are under way, or the contract's long queries take all that one contract may have.",
    fix: "Try again later; the client already did for as long as timeoutMs allows. In a test, world.time.advance gives long queries their share back.",
  },
  HTTP_REPLAY_MISMATCH: {
    title: "The command asked for other HTTP requests when it ran again",
    why: `A command runs once to record its requests and once in order; state it depends on changed in between. It was tried anew a few times, or had sent what must not be sent twice. ${REVERTED}`,
    fix: "Try again; build requests from arguments rather than from state that others change.",
  },
  HTTP_LIMIT: {
    title: "The contract exceeded a limit of HTTP",
    why: `Number and size of requests and answers of one call are limited. ${REVERTED}`,
    fix: "Ask for less in one call.",
  },
  CONTRACT_UNKNOWN: {
    title: "There is no contract at this address",
    why: "No contract of this cluster has it.",
    fix: "Check the address and that the worker belongs to the cluster you deployed to.",
  },
  CONTRACT_EXISTS: {
    title: "This contract is already deployed",
    why: "Deployer, code, arguments and salt give the address, and it is taken.",
    fix: "Use the contract that is there, or deploy with another salt.",
  },
  TIME_REFUSED: {
    title: "The worker's clock was refused",
    why: "A command's time may not run backwards or jump far ahead.",
    fix: "The operator must correct the machine's clock.",
  },
  MEMORY_EXHAUSTED: {
    title: "The enclave has no memory left for this call",
    why: "Other calls hold it.",
    fix: "Try again later.",
  },
  EGRESS_CONFIG: {
    title: "The enclave's egress settings are not valid",
    why: "A grant or a root certificate given at the cluster's creation cannot be read.",
    fix: "Correct --grant-egress or --extra-root and start again with all of these flags: until there is a cluster, one that is left out keeps what it was.",
  },
  CALL_DEPTH: {
    title: "Contracts called each other too deeply",
    why: "Calls may stand on top of each other up to the limit shown, the client's own included.",
    fix: "Let the first contract make the calls one after the other.",
  },
  CALLS_LIMIT: {
    title: "The call made too many calls of other contracts",
    why: "All contracts of one call together may make as many as the limit shows; failed ones count.",
    fix: "Hand over a list in one call, or spread the work over several commands.",
  },
  CALL_REENTRANT: {
    title: "The contract is in the middle of another call",
    why: "A contract that waits for another one is not called again meanwhile, because it may have done half of its work.",
    fix: "Mark the method @reentrant if it is right at any moment, or call it after the other call has returned.",
  },
  CODE_UNKNOWN: {
    title: "The cluster does not hold this code",
    why: "Nobody has uploaded code of this hash, or no contract ran it for a while and newer uploads took its place.",
    fix: "Send the component itself; the client does so by itself when it deploys an artefact.",
  },
  CODE_REPLACED: {
    title: "The contract runs other code than this call is meant for",
    why: "Its owner has upgraded it. The new code has not seen the call's arguments.",
    fix: "Look at the contract's history (hermetic inspect ADDRESS), then call with the new code hash and ABI.",
  },
  OWNER_ONLY: {
    title: "Only the contract's owner may do this",
    why: "Upgrading, freezing and destroying are for the account that deployed the contract.",
    fix: "Use the owner's key; hermetic inspect ADDRESS shows the account.",
  },
  VERSION_OLD: {
    title: "The contract has another version than the one you saw",
    why: "It was upgraded in between. So that a request that was held back cannot undo what came later, it names the version that it is about.",
    fix: "Look at the contract again, and repeat the request if you still want it.",
  },
  UPGRADES_LIMIT: {
    title: "The contract was upgraded too often",
    why: "Its history is kept for users to read, and has the length shown.",
    fix: "Deploy a new contract.",
  },
  CONTRACT_FROZEN: {
    title: "The contract is frozen",
    why: "Its owner gave up all power over it: nobody can upgrade or destroy it any more.",
    fix: "Deploy a new contract.",
  },
  CONTRACT_DESTROYED: {
    title: "The contract was destroyed",
    why: "Its owner ended it; its state and secrets are gone, and its address is never used again.",
    fix: "Ask its owner for another contract.",
  },
  CRYPTO_INPUT: {
    title: "A cryptographic function was given what it cannot take",
    why: `A digest or a key has a fixed length, shown if the length is what is wrong; contracts do not sign with sr25519. ${REVERTED}`,
    fix: "Hash the message first, take 32 bytes from crypto.deriveKey() as a key, sign with ed25519 or secp256k1.",
  },
  SCHEDULE_LIMIT: {
    title: "The contract plans more calls than it may",
    why: `A contract may have a number of planned calls at a time, each with limited gas, arguments and distance; the numbers shown say which. ${REVERTED}`,
    fix: "Plan the next call when one has run, give it less gas, or use one @every method for several jobs.",
  },
  STATE_KEY: {
    title: "A state key is empty or too long",
    why: `Keys of a Mapping become state keys of limited length. ${REVERTED}`,
    fix: "Use shorter keys, or their hash.",
  },
  STATE_VALUE: {
    title: "A state value is too large",
    why: `One field or entry has the size limit shown. ${REVERTED}`,
    fix: "Use a Mapping or List, which store each entry by itself.",
  },
  STATE_WRITE_SET: {
    title: "The call writes too much",
    why: `Keys and values that one call writes are limited together. ${REVERTED}`,
    fix: "Spread the work over several commands.",
  },
  STATE_FULL: {
    title: "The cluster's state is full",
    why: `The state of all contracts together has a limit, and this call would have passed it. ${REVERTED}`,
    fix: "Remove what is no longer needed: a call that frees room is still taken.",
  },
  STATE_SCAN: {
    title: "A page of state has no such size",
    why: `A page has at least one item and at most the limit shown. ${REVERTED}`,
    fix: "Ask for fewer items, and for the next page where this one ends.",
  },
} as const satisfies Partial<Record<FaultCode, Explanation>>;
