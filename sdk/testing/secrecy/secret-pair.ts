/**
 * `secretPair`: one story told twice, with nothing but a secret changed.
 *
 * Both worlds are drawn from one seed, so that keys, addresses and draws are the same and every
 * difference comes from the secret.
 *
 * @module
 */
import { createWorld } from "#sdk/testing/create-world.ts";
import type { World } from "#sdk/testing/world.ts";
import type { WorldOptions } from "#sdk/testing/world-options.ts";

/** What happens in a world, by a secret that the operator must not learn. */
export type Story<S> = (world: World, secret: S) => unknown;

export class SecretPair<S = unknown> {
  readonly secrets: readonly [S, S];
  readonly #story: Story<S>;
  readonly #options: WorldOptions;

  constructor(secrets: readonly [S, S], story: Story<S>, options: WorldOptions) {
    this.secrets = secrets;
    this.#story = story;
    this.#options = options;
  }

  /** Tells the story in two fresh worlds. @throws What the story throws. */
  async worlds(): Promise<readonly [World, World]> {
    const [first, second] = this.secrets;
    return [await this.#tell(first), await this.#tell(second)];
  }

  async #tell(secret: S): Promise<World> {
    const world = await createWorld({ seed: "secret pair", ...this.#options });
    await this.#story(world, secret);
    return world;
  }
}

/**
 * A pair for `expect(pair).toLookTheSame()`.
 *
 * @param secrets - Two that should not be told apart: two bids, two votes, a hit and a miss.
 * @param story - Makes the calls. A failure that belongs to it has to be caught there.
 * @param options - For both worlds.
 */
export function secretPair<S>(
  secrets: readonly [S, S],
  story: Story<NoInfer<S>>,
  options: WorldOptions = {},
): SecretPair<S> {
  return new SecretPair<S>(secrets, story, options);
}
