/**
 * Every limit of the system, with unit and reason: the one place to look before raising one.
 *
 * Hostile input is measured against these numbers before anything is allocated for it.
 *
 * @module
 */

/** Bytes of an uploaded component: a large contract is 200 KiB; V8's compile time grows with it. */
export const COMPONENT_BYTES_MAX = 2 * 1024 * 1024;
/** Pages (64 KiB) of contract memory: 16 MiB, so that 64 of the largest calls may be suspended at once. */
export const MEMORY_PAGES_MAX = 256;
/** Bytes of frames that recursive functions may hold at once: about 1,000 ordinary AssemblyScript frames. V8's own stack is far larger, so every tier agrees. */
export const STACK_BYTES_MAX = 256 * 1024;
/** Bytes of frames on the longest call path that does not recurse: known at admission, so code over it is refused. */
export const STATIC_STACK_BYTES_MAX = 64 * 1024;
/** Core modules and sections in a component: wit-component makes three modules and about fifty sections. */
export const COMPONENT_MODULES_MAX = 3;
export const COMPONENT_SECTIONS_MAX = 512;
/** Bytes of a helper module that wit-component adds: one small function per import. */
export const COMPONENT_HELPER_BYTES_MAX = 64 * 1024;
/** Counts in one core module. A large AssemblyScript contract has a tenth of each. */
export const MODULE_TYPES_MAX = 1_000;
export const MODULE_FUNCTIONS_MAX = 10_000;
export const MODULE_IMPORTS_MAX = 64;
export const MODULE_EXPORTS_MAX = 256;
export const MODULE_GLOBALS_MAX = 1_000;
export const MODULE_SEGMENTS_MAX = 4_096;
export const MODULE_CUSTOM_SECTIONS_MAX = 64;
/** Entries of the one table, and in all element segments together. */
export const MODULE_TABLE_ENTRIES_MAX = 10_000;
/** Bytes of a name in a module. */
export const MODULE_NAME_BYTES_MAX = 256;
/** Values a function or block takes and gives: each branch moves that many for the price of one. */
export const MODULE_PARAMETERS_MAX = 64;
export const MODULE_RESULTS_MAX = 16;
/** Locals of one function, parameters apart: each is zeroed on entry. */
export const MODULE_LOCALS_MAX = 2_000;
/** Bytes of one function: V8 takes 7.6 MB of body, metering makes at most ten bytes of one. */
export const MODULE_BODY_BYTES_MAX = 128 * 1024;
/**
 * Bytes of a module after metering: ordinary code grows by half, only hostile code fivefold. The form that can
 * be suspended may be larger by two thirds: whatever the other form is admitted with, it has to run.
 */
export const MODULE_METERED_BYTES_MAX = 8 * 1024 * 1024;
/** Nesting of blocks: a `switch` nests one block per case. */
export const MODULE_NESTING_MAX = 1_024;
/** Loops of one function: the time in which V8 optimizes it grows with their square, to 30 ms for so many. */
export const MODULE_LOOPS_MAX = 1_024;
/** Calls in one function: V8 takes 7 KB for each while it optimizes. Unrolled hashes without inlining have 1,000. */
export const MODULE_CALLS_MAX = 8_192;
/** Forks of all functions, each times the values kept there: V8's first tier writes up to 45 bytes of code to move each. Real contracts have 1 per byte. */
export const MODULE_MERGES_MAX = 1024 * 1024;
/** Targets of one `br_table`. */
export const MODULE_BRANCH_TARGETS_MAX = 4_096;
/** Calls of contracts on top of each other, the client's own included, and calls that one call may make in all. */
export const CALL_DEPTH_MAX = 8;
export const CALLS_MAX = 64;
/** Bytes of stack that a call counts in its caller's budget for the host's own frames between the two. */
export const CALL_STACK_BYTES = 4 * 1024;
/** Methods that a contract may mark as re-entrant: more than any contract has. */
export const REENTRANT_METHODS_MAX = 256;
/** Gas of one command: 0.5 s of reference time (1 gas is about 1 ns), because commands run one by one. */
export const COMMAND_GAS_MAX = 500_000_000;
/** Gas of one query: 10 s of reference time. */
export const QUERY_GAS_MAX = 10_000_000_000;
/**
 * Gas that the queries of one contract may use in a second, on average: half of the enclave's thread. Beyond
 * it, only queries that end in their first slice are answered.
 */
export const QUERY_GAS_PER_SECOND = 500_000_000;
/** Gas that they may use at once before that average counts: two of the longest queries. */
export const QUERY_GAS_BURST = 20_000_000_000;
/** Queries of one contract that did not end at once and are under way: half of what the process may suspend. */
export const QUERY_CALLS_MAX = 1_000;
/** Of these, how many one account may have: a quarter. */
export const QUERY_CALLS_PER_ACCOUNT = 250;
/** Bytes of memory that those of them that wait may hold together: a quarter of what all may. */
export const QUERY_BYTES_MAX = 256 * 1024 * 1024;
/**
 * Gas after which a call lets others run: 2 ms of reference time. Most calls end before; the others start
 * again in a form that can be suspended, which is why the first slice is the longest.
 */
export const FIRST_SLICE_GAS = 2_000_000;
/** Gas of each slice from then on: 0.5 ms, what a short call may have to wait for a long one. */
export const SLICE_GAS = 500_000;
/** Gas that allocations for the host may use together in one slice, where calls are suspended: they cannot be. */
export const ALLOCATION_GAS_MAX = 20_000_000;

/** Bytes of a state key. */
export const STATE_KEY_BYTES_MAX = 128;
/** Bytes of a state value: one value must fit a sealed record. */
export const STATE_VALUE_BYTES_MAX = 1024 * 1024;
/** Items and bytes of one page of a scan: a page is written into contract memory at once. */
export const SCAN_ITEMS_MAX = 1_000;
export const SCAN_BYTES_MAX = 1024 * 1024;
/** Bytes of keys and values one call may write: bounds a sealed delta. */
export const WRITE_SET_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes of the same write set in a delta, framing included: with code, replies and events it must fit one frame. */
export const SEALED_WRITES_BYTES_MAX = 10 * 1024 * 1024;
/** Bytes of a cluster's state: the enclave holds it in memory, and once more while it makes a snapshot. */
export const STATE_BYTES_MAX = 1024 * 1024 * 1024;
/** Bytes a key counts in the state besides itself and its value: what the engine keeps around them. */
export const STATE_ENTRY_BYTES = 512;
/** Receipts under one signature; every command's reply has room for all: their hashes still fit the smallest bucket beside a small reply. */
export const RECEIPTS_MAX = 16;
/** Bytes of encoded arguments, and of an encoded result. */
export const ARGUMENT_BYTES_MAX = 1024 * 1024;
export const RESULT_BYTES_MAX = 1024 * 1024;
/** Bytes of log text a call may produce: what is over is cut, the call goes on. */
export const LOG_BYTES_MAX = 64 * 1024;
/** Events of one call, and bytes of each. */
export const EVENTS_MAX = 64;
export const EVENT_BYTES_MAX = 4 * 1024;
/** UTF-16 units of a method, event or error name. */
export const NAME_LENGTH_MAX = 64;
/** Secrets of a deployment, and UTF-16 units of each: a certificate and its key fit one. */
export const SECRETS_MAX = 32;
export const SECRET_LENGTH_MAX = 4096;
/** Bytes of a deployment's salt: as many as a hash has. */
export const SALT_BYTES_MAX = 32;
/** UTF-16 units of a label of keys or randomness: two accounts in hexadecimal and a word fit. */
export const LABEL_LENGTH_MAX = 256;
/** Bytes that one hash, signature or seal may take: as many as one state value or a call's arguments have. */
export const CRYPTO_BYTES_MAX = 1024 * 1024;
/** Uploaded code that no contract runs: 64 MiB at most, and what one account may have of it. */
export const IDLE_CODES_MAX = 32;
export const IDLE_CODES_PER_ACCOUNT = 4;
/** Upgrades of one contract: its history of code hashes stays one small value. */
export const UPGRADES_MAX = 256;
/** Calls that a contract may have planned at a time, and bytes of the arguments of each. */
export const SCHEDULED_PER_CONTRACT_MAX = 16;
export const SCHEDULED_ARGUMENT_BYTES_MAX = 1024;
/** Gas of one planned call: a tenth of a command's, because it comes on top of one. */
export const SCHEDULED_GAS_MAX = 50_000_000;
/** Gas of planned calls per millisecond of the log's time: a tenth of the machine, however many there are. */
export const SCHEDULED_GAS_PER_MS = 100_000;
/** Planned calls that one height makes, and places in the timetable that it looks at. */
export const SCHEDULED_PER_HEIGHT_MAX = 4;
export const SCHEDULED_STEPS_MAX = 64;
/** Bytes that the planned calls of one height may write and emit: they share a delta with a command. */
export const SCHEDULED_WRITES_BYTES_MAX = 256 * 1024;
/** Failures in a row after which a call does not come again. */
export const SCHEDULED_FAILURES_MAX = 8;
/** Ends of planned calls that are kept for the owner, per contract. */
export const SCHEDULED_RUNS_MAX = 16;
/** Gas per byte of code that is new to the cluster: decoding, metering, compiling, and its way through log and seal. */
export const CODE_GAS_PER_BYTE = 100;
/** Bytes one `random` call may ask for. */
export const RANDOM_BYTES_MAX = 1024;
/** Bytes a call may copy out of contract memory in all: bounds what a contract can make the host hold. */
export const LIFT_BYTES_MAX = 32 * 1024 * 1024;

/** HTTP requests of one call, and how many may be open at once. */
export const HTTP_REQUESTS_MAX = 16;
export const HTTP_PARALLEL_MAX = 5;
/** Milliseconds from the first byte of DNS to the last byte of the body. */
export const HTTP_TIMEOUT_MS = 10_000;
/** Milliseconds that all requests of one call and those it makes may take together: less than a client waits for it. */
export const HTTP_CALL_MS = 45_000;
/** Bytes of a request's body: as many as a call's arguments, which it is mostly made of. */
export const HTTP_REQUEST_BODY_BYTES_MAX = 1024 * 1024;
/** Bytes of a response body after decoding. */
export const HTTP_RESPONSE_BODY_BYTES_MAX = 2 * 1024 * 1024;
/** Headers of a request, and of a response: Apache takes 100 where nobody says otherwise. */
export const HTTP_HEADERS_MAX = 128;
/** Characters of one header, name and value together, and of a URL: as many as Apache and nginx take where nobody says otherwise. */
export const HTTP_HEADER_BYTES_MAX = 8 * 1024;
export const HTTP_URL_LENGTH_MAX = 8 * 1024;

/** Origins that one contract may ask, and header names and pinned keys of each: real contracts have one to four. */
export const HTTP_GRANTS_MAX = 16;
export const HTTP_GRANT_HEADERS_MAX = 32;
export const HTTP_PINS_MAX = 8;
/** Characters of an origin: the longest host name, scheme and port. */
export const HTTP_ORIGIN_LENGTH_MAX = 270;
/** Requests in a minute that a grant may ask for: a thousand a second. */
export const HTTP_PER_MINUTE_MAX = 60_000;
/** Redirects that are followed one after the other: RFC 9110 §15.4 asks for a bound, real chains have two. */
export const HTTP_REDIRECTS_MAX = 5;

/** Calls that may be suspended at once in one process: V8 dies near 15,000 (memory maps), so stay far below. */
export const SUSPENDED_CALLS_MAX = 2_000;
/** Bytes that all suspended calls together may hold: small contracts hold 64 KiB each, the largest 16 MiB. */
export const SUSPENDED_BYTES_MAX = 1024 * 1024 * 1024;
/** Bytes of a sealed envelope, header and padding included. */
export const ENVELOPE_BYTES_MAX = 2 * 1024 * 1024 + 256 * 1024;
/** Sessions of a cluster, and the milliseconds after which an idle one may be dropped. */
export const SESSIONS_MAX = 10_000;
export const SESSION_IDLE_MS = 60 * 60 * 1000;
/** Sequence numbers of a session that are remembered one by one: calls that may overtake each other. */
export const SEQUENCE_WINDOW = 256;
/** Milliseconds between a certificate's date and the cluster's time: less than the session it opens is kept, so that none opens twice. */
export const CERTIFICATE_AGE_MS_MAX = 5 * 60 * 1000;
/** Nesting of any decoded value. */
export const DECODE_DEPTH_MAX = 32;
/** Milliseconds a stamped time may run ahead of the previous entry's. */
export const TIME_STEP_MS_MAX = 365 * 24 * 60 * 60 * 1000;
/** Bytes of one frame on the enclave's pipe. */
export const FRAME_BYTES_MAX = 16 * 1024 * 1024;

/** Grants and extra roots that a cluster is created with, and UTF-16 units of each. */
export const EGRESS_GRANTS_MAX = 64;
export const EGRESS_GRANT_LENGTH_MAX = 300;
export const EXTRA_ROOTS_MAX = 16;
export const EXTRA_ROOT_LENGTH_MAX = 16 * 1024;
/** Characters of a host name: RFC 1035 §2.3.4. */
export const HOST_NAME_LENGTH_MAX = 253;
/** TCP ports are 16 bits: RFC 9293 §3.1. */
export const PORT_MAX = 65_535;
/** HTTP exchanges open at once in one enclave, and by one contract: slow servers must not hold them all. */
export const HTTP_OPEN_MAX = 512;
export const HTTP_OPEN_PER_CONTRACT_MAX = 256;
/** Bytes of results that wait for the other requests of their fetch, in one enclave: a hundred of the largest. */
export const HTTP_HELD_BYTES_MAX = 256 * 1024 * 1024;
/** Milliseconds for name and connection together, for a handshake, and for each wait inside a body. */
export const HTTP_STALL_MS = 5_000;
/** Milliseconds from a request to the end of its answer's head: services that think are given most of the time there is. */
export const HTTP_HEAD_MS = 9_000;
/** Milliseconds after which the next address of a name is tried beside the one before: RFC 8305 §5. */
export const HTTP_NEXT_ADDRESS_MS = 250;
/** Connections that rest between exchanges, in one enclave and of one contract, and for how many milliseconds. */
export const HTTP_IDLE_MAX = 512;
export const HTTP_IDLE_PER_CONTRACT_MAX = 256;
export const HTTP_IDLE_MS = 15_000;
/** Bytes of a response's status line and headers together: real ones stay under 32 KiB. */
export const HTTP_HEAD_BYTES_MAX = 128 * 1024;
/** Bytes received on one connection, TLS and chunk framing included: twice the largest body. */
export const HTTP_WIRE_BYTES_MAX = 4 * 1024 * 1024;
/** Pieces that a body may come in: each costs the enclave as much as a kilobyte does, and real chunks are longer than 32 bytes. */
export const HTTP_BODY_PIECES_MAX = 64 * 1024;
/** Decoded bytes per encoded byte, above 64 KiB decoded: text reaches 50, bombs start near 1,000. */
export const HTTP_DECODE_RATIO_MAX = 256;
/** Bytes of all results of one command: its transcript must fit a log entry. */
export const HTTP_TRANSCRIPT_BYTES_MAX = 8 * 1024 * 1024;
/** Times that a command is tried anew because the state moved before its height: each asks the outside world again. */
export const HTTP_RETRIES_MAX = 3;
/** Commands that are remembered for it, and bytes of their envelopes: as many as may wait for the outside world at once. */
export const RETRY_CALLS_MAX = 2_000;
export const RETRY_BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of a tunnel that may be under way in one direction: bounds what either side must buffer. */
export const EGRESS_WINDOW_BYTES = 256 * 1024;
/** Bytes of one tunnel message: small enough that tunnels take turns on the pipe. */
export const EGRESS_CHUNK_BYTES_MAX = 64 * 1024;
/** Addresses of one name: real names have fewer than 20. */
export const EGRESS_ADDRESSES_MAX = 32;
