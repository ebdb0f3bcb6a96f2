/**
 * Every domain-separation label, in one place, so that no two uses can share one.
 *
 * @module
 */
export const labels = {
  sessionInfo: "hermetic/session/1",
  sessionSecret: "hermetic/session-secret/1",
  sessionId: "hermetic/session-id/1",
  sessionCertificate: "hermetic/session-certificate/1",
  queryRequestKey: "hermetic/query-request/1",
  queryReplyKey: "hermetic/query-reply/1",
  commandRequestKey: "hermetic/command-request/1",
  commandReplyKey: "hermetic/command-reply/1",
  reply: "hermetic/reply/1",
  head: "hermetic/head/1",
  receipt: "hermetic/receipt/1",
  receipts: "hermetic/receipts/1",
  report: "hermetic/report/1",
  cluster: "hermetic/cluster/1",
  clusterKem: "hermetic/cluster-kem/1",
  clusterEntries: "hermetic/cluster-entries/1",
  clusterState: "hermetic/cluster-state/1",
  clusterContracts: "hermetic/cluster-contracts/1",
  sealingKey: "hermetic/sealing-key/1",
  contract: "hermetic/contract/1",
  contractAddress: "hermetic/contract-address/1",
  commandRandom: "hermetic/command-random/1",
  blobKey: "hermetic/blob-key/1",
  sealedCluster: "hermetic/sealed-cluster/1",
  sealedEntry: "hermetic/sealed-entry/1",
  sealedDelta: "hermetic/sealed-delta/1",
  sealedSnapshot: "hermetic/sealed-snapshot/1",
  digest: "hermetic/digest/1",
  effects: "hermetic/effects/1",
  httpRequests: "hermetic/http-requests/1",
  simulatedRoot: "hermetic/simulated-root/1",
  simulatedEvidence: "hermetic/simulated-evidence/1",
} as const;
