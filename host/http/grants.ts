/**
 * Egress grants: what a cluster's creator allows beyond public addresses on port 443.
 *
 * They protect the operator's network from contracts. They cannot protect against the operator, who
 * resolves names and carries bytes: that is what TLS is for.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { PORT_MAX } from "#protocol/limits.ts";
import { parseHostName } from "./host-name.ts";
import { contains, parsePrefix, type Prefix } from "./prefix.ts";
import { isPublicAddress } from "./public-address.ts";
import { HTTPS_PORT, type Target } from "./url.ts";

/** What `localhost` means, always (RFC 6761 §6.3). A grant of that name covers these literals too. */
export const LOCALHOST_ADDRESSES: readonly string[] = ["127.0.0.1", "::1"];

interface Grant {
  /** A name covers every address it resolves to. */
  readonly host?: string;
  readonly prefix?: Prefix;
  /** Absent: any port. */
  readonly port?: number;
}

export class Grants {
  readonly #grants: readonly Grant[];

  /**
   * @param texts - Address, CIDR or host name, each optionally with `:port`; IPv6 in brackets then.
   * @throws {@link Fault} `EGRESS_CONFIG` with the index of the first text that is none of these.
   */
  constructor(texts: readonly string[]) {
    this.#grants = texts.map((text, grant) => {
      const parsed = parseGrant(text);
      if (parsed === undefined) throw new Fault("EGRESS_CONFIG", { grant });
      return parsed;
    });
  }

  /** Whether any address could be allowed for this target: asked before a name leaves the enclave. */
  mayReach(target: Target): boolean {
    return target.port === HTTPS_PORT || this.#grants.some((grant) => coversPort(grant, target));
  }

  /** Whether this very address may be connected to for this target. */
  allows(target: Target, address: Uint8Array): boolean {
    if (target.port === HTTPS_PORT && isPublicAddress(address)) return true;
    return this.#grants.some((grant) => {
      if (!coversPort(grant, target)) return false;
      if (grant.host !== undefined) return coversHost(grant.host, target.host);
      return grant.prefix !== undefined && contains(grant.prefix, address);
    });
  }
}

function coversPort(grant: Grant, target: Target): boolean {
  return grant.port === undefined || grant.port === target.port;
}

function coversHost(granted: string, host: string): boolean {
  if (granted === host) return true;
  return granted === "localhost" && LOCALHOST_ADDRESSES.includes(host);
}

function parseGrant(text: string): Grant | undefined {
  const whole = parseSubject(text);
  if (whole !== undefined) return whole;
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::([1-9][0-9]{0,4}))?$/.exec(text);
  const subject = match === null ? undefined : parseSubject(match[1] ?? (match[2] as string));
  if (subject === undefined || match?.[3] === undefined) return undefined;
  const port = Number(match[3]);
  return port > PORT_MAX ? undefined : { ...subject, port };
}

function parseSubject(text: string): Grant | undefined {
  const prefix = parsePrefix(text);
  if (prefix !== undefined) return { prefix };
  const host = parseHostName(text);
  return host === undefined ? undefined : { host };
}
