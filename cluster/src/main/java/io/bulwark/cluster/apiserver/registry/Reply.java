package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a write.
 *
 * @param object to send, with its resourceVersion
 * @param kind of the object, or null for a Status and other bodies that are in no table
 */
public record Reply(int status, Tree object, @Nullable Kind kind) {}
