package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.GroupVersionKind;
import java.util.Set;

/**
 * A subresource of a kind as discovery lists it.
 *
 * @param name {@code status}, {@code scale}, {@code log}, ...
 * @param kind of its body, which may be of another group: {@code autoscaling/v1 Scale}
 * @param verbs that it serves
 */
public record Subresource(String name, GroupVersionKind kind, Set<String> verbs) {}
