/**
 * The shape of an entry in the explain tables.
 *
 * @module
 */

export interface Explanation {
  /** What happened, without a full stop. */
  readonly title: string;
  /** Why it is refused, in one or two sentences. */
  readonly why: string;
  /** What to do now. */
  readonly fix: string;
}
