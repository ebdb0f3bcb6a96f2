/**
 * Reads `@grant("https://api.example", { … })` of a contract class: what it may ask of the outside world.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { httpMethods, httpRedirects, type HttpMethod } from "#protocol/http.ts";
import { grantDefaults, parseOrigin, type HttpGrant } from "#protocol/http-grant.ts";
import {
  HTTP_GRANT_HEADERS_MAX,
  HTTP_GRANTS_MAX,
  HTTP_PER_MINUTE_MAX,
  HTTP_PINS_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
  NAME_LENGTH_MAX,
} from "#protocol/limits.ts";
import { textOf } from "./ast.ts";
import type { Report } from "./report.ts";

const HEADER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PIN_HEX = /^[0-9a-fA-F]{64}$/;
const PIN_BASE64 = /^[A-Za-z0-9+/]{43}=$/;

/** The grants of a class, in the order in which they stand there; those with a mistake are reported. */
export function readGrants(declaration: asc.ClassDeclaration, report: Report): HttpGrant[] {
  const decorators = (declaration.decorators ?? []).filter(
    ({ name }) => name instanceof asc.IdentifierExpression && name.text === "grant",
  );
  const [, ...over] = decorators.slice(HTTP_GRANTS_MAX - 1);
  if (over[0]) report("HRM3124", over[0], `there are more than ${HTTP_GRANTS_MAX} grants`);
  const grants: HttpGrant[] = [];
  for (const decorator of decorators) {
    try {
      grants.push(readGrant(decorator));
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      report("HRM3124", error.node, error.message);
    }
  }
  return grants;
}

class Mistake extends Error {
  readonly node: asc.Node;

  constructor(node: asc.Node, message: string) {
    super(message);
    this.node = node;
  }
}

function readGrant(decorator: asc.DecoratorNode): HttpGrant {
  const [first, second, ...more] = decorator.args ?? [];
  const extra = more[0];
  if (extra) throw new Mistake(extra, "@grant takes an origin and options");
  if (!first) throw new Mistake(decorator, "@grant does not name an origin");
  const origin = text(first);
  if (parseOrigin(origin) === undefined) {
    throw new Mistake(first, `'${origin}' is not an origin such as https://api.example`);
  }
  return { ...grantDefaults, origin, ...(second ? readOptions(second) : {}) };
}

type Options = Partial<Omit<HttpGrant, "origin">>;

function readOptions(node: asc.Expression): Options {
  if (!(node instanceof asc.ObjectLiteralExpression)) {
    throw new Mistake(node, "the options of @grant are not written out in braces");
  }
  let options: Options = {};
  for (const [index, name] of node.names.entries()) {
    const value = node.values[index] as asc.Expression; // the parser makes as many of both
    const key = name.text;
    if (key in options) throw new Mistake(name, `'${key}' is there twice`);
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read === undefined) throw new Mistake(name, `@grant has no option '${key}'`);
    options = { ...options, [key]: read(value) };
  }
  return options;
}

const readers: Readonly<Record<string, (node: asc.Expression) => unknown>> = {
  methods: (node) =>
    list(node, httpMethods.length, (item) => {
      const name = text(item);
      if (!(httpMethods as readonly string[]).includes(name)) {
        throw new Mistake(item, `'${name}' is none of ${httpMethods.join(", ")}`);
      }
      return name as HttpMethod;
    }),
  headers: (node) =>
    list(node, HTTP_GRANT_HEADERS_MAX, (item) => {
      const name = text(item);
      if (!HEADER.test(name) || name.length > NAME_LENGTH_MAX) {
        throw new Mistake(item, `'${name}' is not a header's name`);
      }
      return name.toLowerCase();
    }),
  requestBytes: (node) => number(node, HTTP_REQUEST_BODY_BYTES_MAX),
  responseBytes: (node) => number(node, HTTP_RESPONSE_BODY_BYTES_MAX),
  perMinute: (node) => number(node, HTTP_PER_MINUTE_MAX),
  redirects: (node) => {
    const found = httpRedirects.find((each) => each === text(node));
    if (found === undefined) {
      throw new Mistake(node, `redirects are none of ${httpRedirects.join(", ")}`);
    }
    return found;
  },
  pins: (node) =>
    list(node, HTTP_PINS_MAX, (item) => {
      const pin = text(item);
      if (PIN_HEX.test(pin)) return pin.toLowerCase();
      if (PIN_BASE64.test(pin)) return Buffer.from(pin, "base64").toString("hex");
      throw new Mistake(item, "a pin is a SHA-256 in hexadecimal or base64");
    }).map((hex) => Uint8Array.fromHex(hex)),
};

function text(node: asc.Expression): string {
  if (node instanceof asc.StringLiteralExpression) return node.value;
  throw new Mistake(node, `'${textOf(node)}' is not a text`);
}

function number(node: asc.Expression, max: number): number {
  const digits = textOf(node);
  const value = /^\d[\d_]*$/.test(digits) ? Number(digits.replaceAll("_", "")) : Number.NaN;
  if (value <= max) return value;
  throw new Mistake(node, `'${digits}' is not a whole number up to ${max}`);
}

/** A list without repetition; methods are never none. */
function list<T extends string>(
  node: asc.Expression,
  max: number,
  read: (item: asc.Expression) => T,
): T[] {
  if (!(node instanceof asc.ArrayLiteralExpression)) {
    throw new Mistake(node, `'${textOf(node)}' is not a list`);
  }
  const items = node.elementExpressions.map(read);
  if (items.length === 0) throw new Mistake(node, "the list is empty");
  if (items.length > max) throw new Mistake(node, `the list has more than ${max} items`);
  if (new Set(items).size < items.length) throw new Mistake(node, "an item is there twice");
  return items;
}
