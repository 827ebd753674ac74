package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a server-side table.
 *
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param format {@code name} for the name column, else mostly empty
 * @param priority 0 is always shown, greater ones only in wide output
 * @param cell the value of a row, of a type that may stand in a tree
 */
public record Column(
    String name,
    String type,
    String format,
    String description,
    int priority,
    Function<Tree, @Nullable Object> cell) {}
