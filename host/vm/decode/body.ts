/**
 * Decodes one function body into flat arrays: opcode, immediate, offset and matching brackets.
 *
 * Bodies are hostile. Every cap is checked before anything is stored, nothing recurses on nesting, no
 * object is made for an instruction, and the arrays are used again for the next body: a large module
 * costs no more memory than its largest function.
 *
 * @module
 */
import { MODULE_BODY_BYTES_MAX, MODULE_CALLS_MAX, MODULE_LOOPS_MAX } from "#protocol/limits.ts";
import { Instructions } from "#host/vm/decode/instructions.ts";
import { Locals } from "#host/vm/decode/locals.ts";
import { readLongForm } from "#host/vm/decode/long-forms.ts";
import type { Reader } from "#host/vm/decode/reader.ts";
import { readShortForms } from "#host/vm/decode/short-forms.ts";

/** The body decoded last. */
export class Body extends Instructions {
  readonly locals: Locals = new Locals();

  /**
   * Decodes the body that `reader` spans.
   *
   * @throws {@link Fault} `MODULE_MALFORMED` if it is not a sequence of instructions that ends where the body ends.
   * @throws {@link Fault} `MODULE_OPCODE` if an instruction is not on the allow-list.
   * @throws {@link Fault} `MODULE_LIMIT` if body, locals, nesting, loops, calls or a branch table is over its cap.
   */
  decode(reader: Reader): void {
    const bodyBytes = reader.end - reader.offset;
    reader.limit("bodyBytes", bodyBytes, MODULE_BODY_BYTES_MAX);
    this.begin(bodyBytes);
    this.locals.decode(reader);
    this.count = this.#instructions(reader);
    reader.mark = this.offset[0] ?? 0;
    reader.limit("loops", this.loops, MODULE_LOOPS_MAX);
    reader.limit("calls", this.calls, MODULE_CALLS_MAX);
    this.offset[this.count] = reader.offset;
    reader.mark = reader.offset;
    if (!reader.done) reader.fail();
  }

  /** Locals it declares, parameters apart. */
  get localCount(): number {
    return this.locals.count;
  }

  /** Decodes up to the `end` of the function and returns how many instructions that are. */
  #instructions(reader: Reader): number {
    this.at = reader.offset;
    for (let index = readShortForms(this, reader, 0); ;) {
      reader.mark = this.at;
      reader.offset = this.at;
      const code = reader.byte();
      this.offset[index] = this.at;
      this.opcode[index] = code;
      if (!readLongForm(this, reader, index, code)) return index + 1;
      this.at = reader.offset;
      index = readShortForms(this, reader, index + 1);
    }
  }
}
