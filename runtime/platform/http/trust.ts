/**
 * The certificates that contracts' HTTPS trusts: Mozilla's roots as bundled with Node, and the roots
 * that the cluster was created with.
 *
 * Nothing of the machine is asked: no system store, no environment variable. There is no revocation
 * check, and dates are compared with the operating system's clock, which the operator may set:
 * roots and names are what is relied on.
 *
 * @module
 */
import { createHash, X509Certificate } from "node:crypto";
import {
  checkServerIdentity,
  createSecureContext,
  rootCertificates,
  type DetailedPeerCertificate,
  type SecureContext,
} from "node:tls";
import { toHex } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";

/** Certificates from leaf to root: real chains have at most five. */
const CHAIN_LENGTH_MAX = 10;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Made once per process: parsing the roots takes milliseconds.
 *
 * @throws {@link Fault} `EGRESS_CONFIG` with the index of the first extra root that is not a certificate.
 */
export function createTrust(extraRoots: readonly string[]): SecureContext {
  const extra = extraRoots.flatMap((text, root) => {
    const certificates = text.match(PEM) ?? [];
    if (certificates.length === 0 || !certificates.every(isCertificate)) {
      throw new Fault("EGRESS_CONFIG", { root });
    }
    return certificates;
  });
  return createSecureContext({
    ca: [...rootCertificates, ...extra],
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
  });
}

/**
 * Whether a verified chain is for this host.
 *
 * The common name is not looked at (RFC 9525 §2): a certificate without alternative names is refused.
 */
export function checkIdentity(host: string, chain: DetailedPeerCertificate): Error | undefined {
  if (chain.subjectaltname === undefined) return new Error("No subject alternative name.");
  if (certificates(chain).length > CHAIN_LENGTH_MAX) return new Error("The chain is too long.");
  return checkServerIdentity(host, chain);
}

/**
 * Whether a key of a verified chain is pinned (RFC 7469 §2.6), or there is no pin.
 *
 * @param pins - SHA-256 of public keys in the form of RFC 5280 §4.1.2.7.
 */
export function holdsPin(chain: DetailedPeerCertificate, pins: readonly Uint8Array[]): boolean {
  if (pins.length === 0) return true;
  const wanted = new Set(pins.map(toHex));
  return certificates(chain).some(({ raw }) => {
    const key = new X509Certificate(raw).publicKey.export({ type: "spki", format: "der" });
    return wanted.has(createHash("sha256").update(key).digest("hex"));
  });
}

/** From leaf to root, and at most one more than a chain may have. */
function certificates(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [leaf];
  // A root is its own issuer.
  for (let last = leaf; chain.length <= CHAIN_LENGTH_MAX; last = last.issuerCertificate) {
    if (!last.issuerCertificate || last.issuerCertificate === last) break;
    chain.push(last.issuerCertificate);
  }
  return chain;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}
