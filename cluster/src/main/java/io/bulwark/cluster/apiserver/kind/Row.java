package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Collects the parts of a {@link Kind}; for one thread. */
final class Row {
  static final Set<String> ALL_VERBS =
      Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  static final Set<String> CREATE = Set.of("create");
  private static final Set<String> CHANGE = Set.of("get", "patch", "update");
  private static final GroupVersionKind SCALE = new GroupVersionKind("autoscaling", "v1", "Scale");

  private final Resource resource;
  private List<String> shortNames = List.of();
  private List<String> categories = List.of();
  private Set<String> verbs = ALL_VERBS;
  private final List<Subresource> subresources = new ArrayList<>();
  private List<Column> columns = List.of(Columns.name());
  private final Map<String, Function<Tree, String>> selectable = new LinkedHashMap<>();
  private String deprecation = "";
  private String prefix;
  private Strategy strategy = Strategy.PLAIN;

  private Row(Resource resource) {
    this.resource = resource;
    this.prefix = "/" + resource.groupResource() + "/";
  }

  static Row of(Resource resource) {
    return new Row(resource);
  }

  /** A kind that is answered, never stored. */
  static Row virtual(Resource resource) {
    return new Row(resource).verbs(CREATE);
  }

  Row shortNames(String... names) {
    shortNames = List.of(names);
    return this;
  }

  Row categories(String... names) {
    categories = List.of(names);
    return this;
  }

  Row verbs(Set<String> served) {
    verbs = served;
    return this;
  }

  Row status() {
    return subresource("status", resource.groupVersionKind(), CHANGE);
  }

  Row scale() {
    return subresource("scale", SCALE, CHANGE);
  }

  Row subresource(String name, GroupVersionKind body, Set<String> served) {
    subresources.add(new Subresource(name, body, served));
    return this;
  }

  Row subresource(String name, String... served) {
    return subresource(name, resource.groupVersionKind(), Set.of(served));
  }

  Row columns(Column... shown) {
    columns = List.of(shown);
    return this;
  }

  /** A selectable field that stands at the path which its name spells. */
  Row selectable(String... fields) {
    for (String field : fields) {
      String[] path = field.split("\\.");
      selectable(field, object -> plain(object.at(path)));
    }
    return this;
  }

  Row selectable(String field, Function<Tree, String> read) {
    selectable.put(field, read);
    return this;
  }

  Row deprecated(String warning) {
    deprecation = warning;
    return this;
  }

  Row prefix(String shared) {
    prefix = shared;
    return this;
  }

  Row strategy(Strategy special) {
    strategy = special;
    return this;
  }

  Kind kind() {
    subresources.sort(java.util.Comparator.comparing(Subresource::name));
    return new Kind(
        resource,
        resource.kind().toLowerCase(java.util.Locale.ROOT),
        shortNames,
        categories,
        schema(),
        new TreeSet<>(verbs),
        List.copyOf(subresources),
        columns,
        Map.copyOf(selectable),
        deprecation,
        prefix,
        strategy);
  }

  private String schema() {
    String group = resource.group();
    int dot = group.indexOf('.');
    String part = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    String root = group.endsWith(".bulwark.io") ? "io.bulwark.api." : "io.k8s.api.";
    return root + part + "." + resource.version() + "." + resource.kind();
  }

  private static String plain(@org.jspecify.annotations.Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
