package io.bulwark.cluster.apiserver.kind;

/** Deployments and replica sets. */
final class WorkloadStrategy implements Strategy {}
