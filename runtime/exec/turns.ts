/**
 * Shares the enclave's one thread among long calls: a slice at a time, contract after contract.
 *
 * Before each slice the thread takes in whatever has arrived, so a call of seconds delays a short one by
 * a slice at most, and a contract with many long calls gets no more of the thread than one with a single.
 * Every second slice is the log's, if it wants it: all commands wait for the one that is being executed.
 *
 * @module
 */

/** Resolves once everything that waits outside (messages, timers) has been taken in. */
export type NextTurn = () => Promise<void>;

export class Turns {
  readonly #nextTurn: NextTurn;
  /** Calls that wait for a slice, by contract; the contract whose turn is next comes first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  /** The command that waits for a slice: there is never more than one. */
  #command: (() => void) | undefined;
  #wasCommand = false;
  #isRunning = false;

  constructor(nextTurn: NextTurn) {
    this.#nextTurn = nextTurn;
  }

  /** Resolves when the next slice of one of the contract's calls may run. */
  next(contract: string): Promise<void> {
    return new Promise((resolve) => {
      const calls = this.#waiting.get(contract);
      if (calls === undefined) this.#waiting.set(contract, [resolve]);
      else calls.push(resolve);
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Resolves when the next slice of the command that is being executed may run. */
  nextOfLog(): Promise<void> {
    return new Promise((resolve) => {
      this.#command = resolve;
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      await this.#nextTurn();
      const resume = this.#take();
      if (resume === undefined) break;
      resume();
    }
    this.#isRunning = false;
  }

  /** Whose slice is next; nothing if nobody waits. */
  #take(): (() => void) | undefined {
    const command = this.#command;
    this.#wasCommand = command !== undefined && (!this.#wasCommand || this.#waiting.size === 0);
    if (this.#wasCommand) {
      this.#command = undefined;
      return command;
    }
    const [next] = this.#waiting;
    if (next === undefined) return undefined;
    const [contract, calls] = next;
    const resume = calls.shift();
    this.#waiting.delete(contract);
    if (calls.length > 0) this.#waiting.set(contract, calls);
    return resume;
  }
}
