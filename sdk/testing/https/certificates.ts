/**
 * Certificates for tests: authorities and leaves on P-256, good and bad in chosen ways.
 *
 * Made by hand (RFC 5280 §4.1), so that no tool is needed on the machine that runs the tests.
 *
 * @module
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { parseAddress } from "#host/http/address.ts";
import {
  bits,
  boolean,
  der,
  integer,
  objectIdentifier,
  octets,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Identity {
  readonly name: string;
  readonly privateKey: KeyObject;
  /** PEM of the certificate alone. */
  readonly certificate: string;
  /** PEM of the private key. */
  readonly key: string;
}

export interface CertificateOptions {
  /** Subject's common name. */
  readonly name: string;
  /** Absent: self-signed. */
  readonly issuer?: Identity;
  readonly authority?: boolean;
  /** DNS names and IP addresses; none: no such extension. */
  readonly alternatives?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** The key of the subject: P-256 if absent, else RSA of so many bits. */
  readonly rsaBits?: number;
  /** Digest of the issuer's signature: SHA-256 if absent. */
  readonly digest?: "sha1" | "sha256";
  /** What the key may be used for (RFC 5280 §4.2.1.12); absent: anything. */
  readonly purpose?: "server" | "client";
  /** Demands that the server proves it is not revoked (RFC 7633), which none here can. */
  readonly mustStaple?: boolean;
}

/** ecdsa-with-SHA1 and ecdsa-with-SHA256, RFC 5480 appendix A. */
const signatures = { sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2" } as const;
/** id-kp-serverAuth and id-kp-clientAuth, RFC 5280 §4.2.1.12. */
const purposes = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" } as const;
/** The number of `status_request`, RFC 6066 §1.1. */
const STATUS_REQUEST = 5;

export function createIdentity(options: CertificateOptions): Identity {
  const { publicKey, privateKey } = createKeys(options.rsaBits);
  const { name, issuer = { name, privateKey }, digest = "sha256" } = options;
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY_MS);
  const notAfter = options.notAfter ?? new Date(Date.now() + 30 * DAY_MS);
  const algorithm = sequence(objectIdentifier(signatures[digest]));
  const body = sequence(
    der(0xa0, integer(2)), // version 3
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(notBefore), time(notAfter)),
    distinguishedName(name),
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(...extensionsOf(options))),
  );
  const signature = sign(digest, body, issuer.privateKey);
  const certificate = pem("CERTIFICATE", sequence(body, algorithm, bits(signature)));
  const key = privateKey.export({ format: "pem", type: "pkcs8" });
  return { name, privateKey, certificate, key };
}

/** An authority that may sign leaves and other authorities. */
export function createAuthority(name: string, issuer?: Identity): Identity {
  return createIdentity({ name, authority: true, ...(issuer === undefined ? {} : { issuer }) });
}

function createKeys(rsaBits: number | undefined): { publicKey: KeyObject; privateKey: KeyObject } {
  if (rsaBits === undefined) return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return generateKeyPairSync("rsa", { modulusLength: rsaBits });
}

function extensionsOf(options: CertificateOptions): Buffer[] {
  const { authority = false, alternatives = [], purpose, mustStaple = false } = options;
  const list = [extension("2.5.29.19", sequence(...(authority ? [boolean(true)] : [])))];
  if (alternatives.length > 0) {
    list.push(extension("2.5.29.17", sequence(...alternatives.map(alternativeName))));
  }
  if (purpose !== undefined) {
    list.push(extension("2.5.29.37", sequence(objectIdentifier(purposes[purpose]))));
  }
  if (mustStaple) list.push(extension("1.3.6.1.5.5.7.1.24", sequence(integer(STATUS_REQUEST))));
  return list;
}

function extension(identifier: string, value: Uint8Array): Buffer {
  return sequence(objectIdentifier(identifier), octets(value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(commonName))));
}

function alternativeName(text: string): Buffer {
  const address = parseAddress(text);
  return address === undefined ? der(0x82, Buffer.from(text)) : der(0x87, address);
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
