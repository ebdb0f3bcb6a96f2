import { Account, ctx, Mapping } from "hermetic/contract";

/** A greeting must not be empty. */
@error
export class GreetingEmpty {}

/** Remembers a greeting for each caller; nobody reads another's. */
@contract
export class Hello {
  greetings!: Mapping<Account, string>;
  people: u32 = 0;

  /** Sets the caller's greeting. */
  @command
  greet(text: string): void {
    if (text.length == 0) throw new GreetingEmpty();
    const me = ctx.caller();
    if (!this.greetings.has(me)) this.people += 1;
    this.greetings.set(me, text);
  }

  /** The caller's own greeting. */
  @query
  greeting(): string {
    return this.greetings.getOr(ctx.caller(), "Hello, stranger!");
  }

  /** How many people have left a greeting. */
  @query
  count(): u32 {
    return this.people;
  }
}
