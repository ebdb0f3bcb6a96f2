/**
 * The words of `hermetic:contract/http`: names of its enums, in their order, and what to do about them.
 *
 * @module
 */

const ERRORS = "denied dns connect tls timeout too-large protocol";
const DETAILS = " undeclared url origin method header body rate network redirect secret size pin";

/** The name of an `error`. */
export function errorName(index: u32): string {
  return wordAt(ERRORS, index);
}

/** The name of a `detail`; empty for none. */
export function detailName(index: u32): string {
  return wordAt(DETAILS, index);
}

/** One of the words between spaces. */
function wordAt(words: string, index: u32): string {
  let start = 0;
  for (; index > 0; index--) start = words.indexOf(" ", start) + 1;
  const end = words.indexOf(" ", start);
  return words.substring(start, end < 0 ? words.length : end);
}

/** A sentence for the contract's author. */
export function adviceOn(detail: string): string {
  if (detail == "undeclared") {
    return 'The contract declares no requests: write @grant("https://host") above its class.';
  }
  if (detail == "origin") return "No @grant above the contract's class names this origin.";
  if (detail == "method") {
    return 'No @grant of this origin lists the method, as in { methods: ["POST"] }.';
  }
  if (detail == "header") {
    return 'The @grant of this origin does not list a header, as in { headers: ["x-api-key"] }.';
  }
  if (detail == "url") return "The URL is not an absolute https URL in plain form.";
  if (detail == "body") return "GET and HEAD carry no body.";
  if (detail == "rate") return "More requests in a minute than perMinute of the @grant allows.";
  if (detail == "network") return "The cluster does not let contracts reach this address or port.";
  if (detail == "redirect") return "A redirect leads where redirects of the @grant may not.";
  if (detail == "secret") return "A secret that a header refers to is not set, or fits no header.";
  if (detail == "size")
    return "The body is larger than requestBytes or responseBytes of the @grant.";
  if (detail == "pin") return "No key of the server's certificates is among pins of the @grant.";
  return "";
}
