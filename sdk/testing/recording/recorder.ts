/**
 * Calls on a fork of a local worker whose answers of the real web are taken down: `hermetic query --record`.
 *
 * Whoever holds a simulated worker's data directory can open all that is in it anyway, so nobody learns anything
 * by this that was a secret from him.
 *
 * @module
 */
import type { AccountClient } from "#sdk/client/account-client.ts";
import type { AccountSigner } from "#sdk/client/wallet.ts";
import { createWorld } from "#sdk/testing/create-world.ts";
import type { HttpRecording } from "#sdk/testing/recording/recording.ts";
import type { World } from "#sdk/testing/world.ts";

export interface RecorderOptions {
  /** Data directory of a worker that is not running; it stays as it is. */
  readonly fork: string;
  /** The file to write. */
  readonly path: string;
  /** Values of secrets by name: what they are called in the file. */
  readonly secrets: Readonly<Record<string, string>>;
}

export class Recorder {
  readonly #world: World;
  readonly #recording: HttpRecording;

  private constructor(world: World, recording: HttpRecording) {
    this.#world = world;
    this.#recording = recording;
  }

  /** @throws {@link HermeticError} `FORK_UNKNOWN`, `FORK_SEALED`, or what a worker says of its directory. */
  static async open({ fork, path, secrets }: RecorderOptions): Promise<Recorder> {
    const world = await createWorld({ fork });
    world.http.conceal(secrets);
    return new Recorder(world, world.http.recording(path, { record: true }));
  }

  /** The fork as an account sees it. */
  as(signer: AccountSigner): Promise<AccountClient> {
    return this.#world.client(signer);
  }

  /**
   * Writes the file anew, with what was taken down since.
   *
   * @param work - Calls of the account.
   * @returns What it resolves to, and how many exchanges are in the file.
   * @throws {@link HermeticError} `HTTP_UNRECORDABLE` for an exchange that a secret cannot be taken out of,
   *   `HTTP_RECORDING` for a file that cannot be written.
   */
  async record<T>(work: Promise<T>): Promise<{ readonly result: T; readonly exchanges: number }> {
    try {
      const result = await work;
      this.#recording.write();
      return { result, exchanges: this.#recording.count };
    } catch (error) {
      throw this.#world.failureOf(error) ?? error;
    }
  }
}
