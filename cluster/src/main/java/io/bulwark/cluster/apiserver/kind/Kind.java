package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A row of the table of kinds: everything that the generic code needs to know to serve a resource.
 *
 * @param singular as discovery has it, such as {@code pod}
 * @param schema name of the schema, such as {@code io.k8s.api.core.v1.Pod}
 * @param verbs {@code create}, {@code delete}, {@code deletecollection}, {@code get}, {@code list},
 *     {@code patch}, {@code update}, {@code watch}
 * @param columns of the server-side table; at least the name
 * @param selectableFields fields that a field selector may name, besides metadata.name and
 *     metadata.namespace, and how to read them; absent ones read as the empty string
 * @param deprecation the warning that every request for the kind gets; empty for none
 * @param storagePrefix of the keys, such as {@code /pods/}; kinds that share objects share it
 * @param strategy what is special about the kind; {@link Strategy#PLAIN} for nothing
 */
public record Kind(
    Resource resource,
    String singular,
    List<String> shortNames,
    List<String> categories,
    String schema,
    Set<String> verbs,
    List<Subresource> subresources,
    List<Column> columns,
    Map<String, Function<Tree, String>> selectableFields,
    String deprecation,
    String storagePrefix,
    Strategy strategy) {
  /** Where an object is stored. */
  public String key(String namespace, String name) {
    return resource.namespaced() ? storagePrefix + namespace + "/" + name : storagePrefix + name;
  }

  public boolean hasSubresource(String name) {
    return subresources.stream().anyMatch(s -> s.name().equals(name));
  }
}
