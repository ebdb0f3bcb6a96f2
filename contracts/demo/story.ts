/**
 * The auction, from its source to its settlement, with a crash in the middle.
 *
 * @module
 */
import { join } from "node:path";
import { build, type BuiltContract } from "hermetic/build";
import { connect, ContractError, Wallet, type Contract, type Network } from "hermetic/client";
import { euros, secretsOf, type Bidder } from "./bidders.ts";
import type { Narrator } from "./narrator.ts";
import { findBlind, findSecrets } from "./operator.ts";
import { plainText, secretBytes, type Secret } from "./search.ts";
import type { Stage } from "./stage.ts";

/** Enough for everybody; the seller ends it earlier. */
const MINUTES = 60;
const SOURCE = join(import.meta.dirname, "../auction/auction.ts");

/** What the contract's queries give, as its ABI says. */
interface Bid {
  readonly amount: bigint;
}

interface Outcome extends Bid {
  readonly winner: string;
  readonly currency: string;
  readonly converted: bigint;
  readonly rate: bigint;
  readonly rateDate: string;
}

/** @returns Whether everything promised held. */
export async function tell(
  stage: Stage,
  bidders: readonly [Bidder, Bidder, Bidder],
  say: Narrator,
): Promise<boolean> {
  say.heading("Hermetic: a sealed-bid auction on a machine that must not see the bids");
  const auction = await buildAuction(say);
  const network = await openNetwork(stage, say);

  say.step("The seller deploys the auction: code and arguments travel sealed");
  const seller = network.as(Wallet.generate());
  const sold = await seller.deploy(auction, {
    args: { minutes: MINUTES, ratesUrl: stage.ratesUrl },
  });
  say.note(`address ${sold.address}, code hash ${auction.codeHash.slice(0, 16)}…`);

  const handles = bidders.map(({ wallet }) =>
    network.as(wallet).contract(auction.abi, sold.address),
  ) as [Contract, Contract, Contract]; // one for each bidder
  await placeBids(handles, bidders, say);
  await raiseThroughCrash(stage, handles[2], bidders[2], say);
  const kept = await compareBids(handles, bidders, say);
  const secrets = bidders.flatMap(secretsOf);
  const sealed = report(findSecrets(stage.operatorViews(), secrets), secrets, "Before", say);

  const outcome = await settle(sold, stage, say);
  const winner = bidders.find(({ wallet }) => wallet.account === outcome.winner);
  const others = bidders.filter((bidder) => bidder !== winner).flatMap(secretsOf);
  const stillSealed = report(findSecrets(stage.operatorViews(), others), others, "After", say);
  const searches = proveSearch(stage, sold, say);
  showTable(bidders, winner, stage, say);
  return kept && searches && sealed && stillSealed && winner !== undefined;
}

async function buildAuction(say: Narrator): Promise<BuiltContract> {
  say.step("Building contracts/auction from AssemblyScript to a WebAssembly component");
  const { contracts } = await build({ entry: SOURCE });
  const [auction] = contracts;
  if (auction === undefined) throw new Error(`there is no contract in ${SOURCE}`);
  say.note(`${auction.wasm.length} bytes`);
  return auction;
}

async function openNetwork(stage: Stage, say: Narrator): Promise<Network> {
  say.step("Starting a worker: one untrusted process, and the enclave in a process of its own");
  const { ready } = await stage.startWorker();
  say.note(`worker ${ready.pid}, enclave ${ready.enclavePid}, a simulated TEE`);
  say.note(`measurement ${ready.measurement.slice(0, 32)}…`);
  const measurements = [ready.measurement];
  return connect(stage.url, { trust: { allowSimulated: true, measurements } });
}

async function placeBids(
  handles: readonly Contract[],
  bidders: readonly Bidder[],
  say: Narrator,
): Promise<void> {
  say.step("Three wallets bid by sealed commands");
  for (const [i, { name, amount }] of bidders.entries()) {
    const { height, gasUsed } = await command(handles[i], "bid", { amount });
    say.note(`${name} bids ${euros(amount)}: height ${height}, ${gasUsed} gas`);
  }
}

/** Sends a raise, kills the worker under it, and lets the client find out. */
async function raiseThroughCrash(
  stage: Stage,
  handle: Contract,
  bidder: Bidder,
  say: Narrator,
): Promise<void> {
  say.step(`kill -9 of the worker while ${bidder.name} raises the bid by one cent`);
  const before = stage.httpBytes;
  const raise = command(handle, "bid", { amount: bidder.raised });
  raise.catch(() => undefined); // awaited below
  while (stage.httpBytes === before) await new Promise((resolve) => setImmediate(resolve));
  await stage.killWorker();
  say.note("the worker and its enclave are gone");
  const start = performance.now();
  await stage.startWorker();
  say.note(`restarted and recovered in ${(performance.now() - start).toFixed(0)} ms`);
  const { height } = await raise;
  say.note(`the raise was executed exactly once, at height ${height}`);
  const again = await command(handle, "bid", { amount: bidder.raised }).catch((error) => error);
  if (!(again instanceof ContractError)) throw new Error("the same bid was taken twice");
  say.note(`the same bid again: ${again.name}`);
}

/** One query per wallet: everybody sees the own bid. */
async function compareBids(
  handles: readonly Contract[],
  bidders: readonly Bidder[],
  say: Narrator,
): Promise<boolean> {
  say.step("One query per wallet: everybody sees the own bid, and nothing was lost");
  let kept = true;
  for (const [i, { name, amount, raised }] of bidders.entries()) {
    const expected = i === bidders.length - 1 ? raised : amount;
    const bid = (await handles[i]?.query["myBid"]?.()) as Bid | null;
    const right = bid?.amount === expected;
    kept &&= right;
    const text = `${name} reads ${bid === null ? "nothing" : euros(bid.amount)}`;
    if (right) say.good(text);
    else say.bad(`${text}, not ${euros(expected)}`);
  }
  return kept;
}

async function settle(sold: Contract, stage: Stage, say: Narrator): Promise<Outcome> {
  say.step("The seller closes and settles: the rate comes over TLS that ends in the enclave");
  say.note(`from ${stage.ratesUrl}`);
  await command(sold, "close");
  await command(sold, "settle");
  const outcome = (await sold.query["winner"]?.()) as Outcome;
  const { amount, currency, converted, rate, rateDate } = outcome;
  const worth = `${currency} ${(Number(converted) / 100).toFixed(2)}`;
  const text = `at ${(Number(rate) / 1e6).toFixed(4)} of ${rateDate}`;
  say.good(`the winning bid is ${euros(amount)} = ${worth}, ${text}`);
  return outcome;
}

function command(
  contract: Contract | undefined,
  method: string,
  args?: unknown,
): Promise<{ readonly height: number; readonly gasUsed: number }> {
  const call = contract?.command[method];
  if (call === undefined) throw new Error(`the contract has no command ${method}`);
  return call(args);
}

/** A search that finds nothing proves nothing unless it can find something, in every place. */
function proveSearch(stage: Stage, sold: Contract, say: Narrator): boolean {
  say.step("Trying the same search on what is no secret: each place must hold some of it");
  const known = [
    secretBytes("the contract's address", Buffer.from(sold.address, "hex")),
    plainText("the name of the rates server", "localhost"),
    plainText("the measurement", stage.worker.ready.measurement),
  ];
  const views = stage.operatorViews();
  for (const text of findSecrets(views, known)) say.good(`found ${text}`);
  const blind = findBlind(views, known);
  for (const place of blind) say.bad(`nothing in ${place}: the search does not work`);
  return blind.length === 0;
}

function report(
  found: readonly string[],
  secrets: readonly Secret[],
  when: string,
  say: Narrator,
): boolean {
  say.step(
    `${when} settlement: searching all that the operator has seen for ${secrets.length} secrets`,
  );
  for (const text of found) say.bad(`found ${text}`);
  if (found.length === 0) say.good("none of them is there, in any form");
  return found.length === 0;
}

function showTable(
  bidders: readonly Bidder[],
  winner: Bidder | undefined,
  stage: Stage,
  say: Narrator,
): void {
  say.heading("Who saw what");
  const result = winner === undefined ? "nothing" : `${winner.name} won, for how much`;
  const rows = bidders.map(({ name }) => [name, "the own bid", result]);
  say.table([
    ["party", "before settlement", "after settlement"],
    ...rows,
    ["seller", "nothing", result],
    ["rates server", "nothing", "that somebody asked for the euro's rates"],
    ["operator", "sizes, times, addresses", `${result} (a public event); no other bid`],
  ]);
  console.log();
  say.table([
    ["searched for the operator", "bytes"],
    ...stage
      .operatorViews()
      .map(({ place, bytes }) => [place, bytes.length.toLocaleString("en-GB")]),
  ]);
  say.note("A simulated TEE: on real hardware the machine's owner could not read the enclave's");
  say.note("memory; here nothing but good manners keeps them from it. See SECURITY.md.");
}
