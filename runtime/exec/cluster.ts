/**
 * The cluster's key material: one master secret, and every key derived from it.
 *
 * The master secret is born in the first enclave and leaves it only sealed. Its configuration is
 * sealed beside it, so an operator cannot change what was attested.
 *
 * @module
 */
import { framed, u32 } from "#protocol/bytes.ts";
import { pack } from "#protocol/codec.ts";
import { encodeConfig, parseConfig, type ClusterConfig } from "#protocol/info.ts";
import { Fields } from "#protocol/shape.ts";
import { deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Entropy, Primitives } from "#crypto/primitives.ts";
import { clusterName, FIRST_EPOCH, type ClusterName } from "#crypto/statements.ts";
import { Sealer } from "#seal/sealer.ts";

export interface Cluster {
  readonly name: ClusterName;
  readonly config: ClusterConfig;
  /** X25519 key pair that sessions are opened to. */
  readonly kemSecret: Uint8Array;
  readonly kemPublic: Uint8Array;
  /** Seals log entries, and state at rest. */
  readonly entries: Sealer;
  readonly state: Sealer;
  /** A contract's own secret, 32 bytes: the root of its randomness and keys. */
  contractSecret(address: Uint8Array): Uint8Array;
}

const SECRET_BYTES = 32;
const CONFIG_BYTES_MAX = 1024 * 1024;
const AAD = framed(labels.sealedCluster);

function deriveCluster(
  primitives: Primitives,
  entropy: Entropy,
  master: Uint8Array,
  epoch: number,
  config: ClusterConfig,
): Cluster {
  const kemSecret = deriveKey(primitives, master, labels.clusterKem, u32(epoch));
  const kemPublic = primitives.x25519PublicKey(kemSecret);
  const cluster = clusterName(primitives, kemPublic, config);
  const keyFor = (label: string): Uint8Array =>
    deriveKey(primitives, master, label, cluster, u32(epoch));
  const contracts = deriveKey(primitives, master, labels.clusterContracts);
  return {
    name: { cluster, epoch },
    config,
    kemSecret,
    kemPublic,
    entries: new Sealer(primitives, entropy, keyFor(labels.clusterEntries)),
    state: new Sealer(primitives, entropy, keyFor(labels.clusterState)),
    contractSecret: (address) => deriveKey(primitives, contracts, labels.contract, address),
  };
}

/** Makes a new cluster and the blob that restores it. */
export function createCluster(
  primitives: Primitives,
  entropy: Entropy,
  sealingKey: Uint8Array,
  config: ClusterConfig,
): { readonly cluster: Cluster; readonly sealed: Uint8Array } {
  const master = entropy(SECRET_BYTES);
  const plaintext = pack([master, FIRST_EPOCH, encodeConfig(config)]);
  const sealed = new Sealer(primitives, entropy, sealingKey).seal(AAD, plaintext);
  return { cluster: deriveCluster(primitives, entropy, master, FIRST_EPOCH, config), sealed };
}

/** @throws {@link Fault} `SEAL_BROKEN` if the blob was changed or is of another machine. */
export function openCluster(
  primitives: Primitives,
  entropy: Entropy,
  sealingKey: Uint8Array,
  sealedCluster: Uint8Array,
): Cluster {
  const sealer = new Sealer(primitives, entropy, sealingKey);
  const plaintext = sealer.open(AAD, sealedCluster, "SEAL_BROKEN", { cluster: 1 });
  const fields = Fields.parse(plaintext, "SEAL_BROKEN");
  const master = fields.fixed(SECRET_BYTES);
  const epoch = fields.integer();
  const inner = Fields.parse(fields.bytes(CONFIG_BYTES_MAX), "SEAL_BROKEN");
  const config = parseConfig(inner);
  inner.end();
  fields.end();
  return deriveCluster(primitives, entropy, master, epoch, config);
}
