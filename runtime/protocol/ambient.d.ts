/**
 * What protocol code may use beyond ECMAScript: text encoding, present in every JavaScript engine.
 *
 * @module
 */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
