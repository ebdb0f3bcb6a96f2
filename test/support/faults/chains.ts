/**
 * Servers that do not prove to be the one that the contract named.
 *
 * @module
 */
import type { FaultKind, Serve } from "#test/support/faults/kind.ts";
import {
  createAuthority,
  createIdentity,
  type CertificateOptions,
  type Identity,
} from "#sdk/testing/https/certificates.ts";
import { createServerIdentity, type ServerIdentity } from "#sdk/testing/https/server.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** OpenSSL's level at which a server may still hold keys and digests that no client takes. */
const WEAK = { ciphers: "DEFAULT@SECLEVEL=0" };

const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

/** A leaf under the trusted authority that is wrong in one way. */
function leaf(options: Partial<CertificateOptions>): Serve {
  return { certificate: (authority) => createServerIdentity(options, authority) };
}

/** A leaf under an authority that is wrong in one way. */
function under(issuer: (authority: Identity) => Identity): Serve {
  return { certificate: (authority) => createServerIdentity({}, issuer(authority)) };
}

/** A leaf below `count` intermediates, all of them sent. */
function longChain(authority: Identity, count: number): ServerIdentity {
  const chain: Identity[] = [];
  for (let i = 0; i < count; i++) {
    chain.unshift(createAuthority(`Intermediate ${i}`, chain[0] ?? authority));
  }
  const own = createServerIdentity({}, chain[0] ?? authority);
  return { ...own, cert: own.cert + chain.map(({ certificate }) => certificate).join("") };
}

function selfSigned(): ServerIdentity {
  const own = createIdentity({ name: "self", alternatives: ["127.0.0.1"] });
  return { key: own.key, cert: own.certificate, root: own.certificate };
}

export const chains: readonly FaultKind[] = [
  {
    name: "expired-certificate",
    does: "sends a certificate that expired yesterday",
    gives: "tls",
    serve: leaf({ notBefore: inDays(-3), notAfter: inDays(-1) }),
  },
  {
    name: "future-certificate",
    does: "sends a certificate that begins tomorrow",
    gives: "tls",
    serve: leaf({ notBefore: inDays(1) }),
  },
  {
    name: "wrong-name",
    does: "sends a good certificate of another name",
    gives: "tls",
    serve: leaf({ alternatives: ["other.example"] }),
  },
  {
    name: "common-name-only",
    does: "names itself in the common name alone",
    gives: "tls",
    serve: leaf({ name: "127.0.0.1", alternatives: [] }),
  },
  {
    name: "unknown-root",
    does: "sends a chain to a root that nobody granted",
    gives: "tls",
    serve: { certificate: () => createServerIdentity() },
  },
  {
    name: "self-signed",
    does: "sends a certificate that it signed itself",
    gives: "tls",
    serve: { certificate: selfSigned },
  },
  {
    name: "missing-intermediate",
    does: "keeps the middle of its chain to itself",
    gives: "tls",
    serve: under((authority) => createAuthority("Hidden", authority)),
  },
  {
    name: "false-authority",
    does: "signs its certificate with one that may not sign",
    gives: "tls",
    serve: under((issuer) => createIdentity({ name: "leaf", issuer, alternatives: ["127.0.0.1"] })),
  },
  {
    name: "long-chain",
    does: "sends forty intermediate certificates",
    gives: "tls",
    serve: { certificate: (authority) => longChain(authority, 40) },
  },
  {
    name: "weak-key",
    does: "has an RSA key of 1,024 bits",
    gives: "tls",
    serve: { ...leaf({ rsaBits: 1024 }), tls: WEAK },
  },
  {
    name: "weak-digest",
    does: "has a certificate that is signed over SHA-1",
    gives: "tls",
    serve: { ...leaf({ digest: "sha1" }), tls: WEAK },
  },
  {
    name: "wrong-purpose",
    does: "has a certificate for clients",
    gives: "tls",
    serve: leaf({ purpose: "client" }),
  },
  {
    name: "revocation-unproved",
    does: "has a certificate that demands proof of not being revoked, and sends none",
    gives: 200,
    serve: leaf({ mustStaple: true }),
  },
];
