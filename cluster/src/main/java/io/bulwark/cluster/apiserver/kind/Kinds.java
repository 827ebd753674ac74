package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.meta.Resource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The table of kinds. Readers see an immutable {@link Table}; custom resources replace it whole.
 *
 * <p>Thread-safe.
 */
public final class Kinds {
  private volatile Table table;

  public Kinds(List<Kind> rows) {
    table = Table.of(rows);
  }

  /**
   * The kinds that every cluster serves.
   *
   * @param clock for columns that show an age
   */
  public static Kinds builtIn(InstantSource clock) {
    Ages ages = new Ages(clock);
    List<Kind> rows = new ArrayList<>();
    rows.addAll(new CoreRows(ages).rows());
    rows.addAll(new LimitRows(ages).rows());
    StorageRows storage = new StorageRows(ages, clock);
    rows.addAll(storage.core());
    rows.addAll(new AppsRows(ages).rows());
    rows.addAll(ReviewRows.rows());
    rows.addAll(new BatchRows(ages, clock).rows());
    rows.addAll(new CertificatesRows(ages).rows());
    rows.addAll(new CoordinationRows(ages).rows());
    rows.addAll(new DiscoveryRows(ages).rows());
    rows.addAll(new EventsRows(ages).rows());
    rows.addAll(new FlowControlRows(ages).rows());
    rows.addAll(new NetworkingRows(ages).rows());
    rows.addAll(new ClassRows(ages).rows());
    rows.addAll(new DisruptionRows(ages).rows());
    rows.addAll(new RbacRows(ages).rows());
    rows.addAll(new DynamicResourceRows(ages).rows());
    rows.addAll(storage.rows());
    rows.addAll(new ImageRows(ages).rows());
    return new Kinds(rows);
  }

  /**
   * The row of autoscaling/v1 Scale, which is a view of workloads and stored nowhere.
   *
   * @param clock for the column that shows an age
   */
  public static Kind scale(InstantSource clock) {
    return Row.of(new Resource("autoscaling", "v1", "scales", "Scale", true))
        .columns(
            Columns.name(),
            Columns.integer(
                "Desired", "Replicas asked for.", scale -> scale.number(0, "spec", "replicas")),
            Columns.integer(
                "Available",
                "Replicas that are there.",
                scale -> scale.number(0, "status", "replicas")),
            new Ages(clock).column())
        .verbs(java.util.Set.of())
        .kind();
  }

  public Table table() {
    return table;
  }

  /** The row of a resource (lower-case plural), or null. */
  public @Nullable Kind find(String group, String version, String resource) {
    return table().find(group, version, resource);
  }

  /** The row whose objects have this kind, or null. */
  public @Nullable Kind find(GroupVersionKind kind) {
    return table().find(kind);
  }

  /** All rows, in the order in which discovery lists them. */
  public List<Kind> all() {
    return table().rows();
  }

  /** Replaces the rows; readers see all of the change or none. */
  public synchronized void replace(UnaryOperator<List<Kind>> change) {
    table = Table.of(change.apply(table.rows()));
  }

  /** One state of the table; immutable. */
  public static final class Table {
    private final List<Kind> rows;
    private final Map<ResourceKey, Kind> byResource = new LinkedHashMap<>();
    private final Map<GroupVersionKind, Kind> byKind = new LinkedHashMap<>();
    private final List<GroupVersion> versions;

    private Table(List<Kind> rows) {
      this.rows = rows;
      for (Kind row : rows) {
        var resource = row.resource();
        byResource.put(
            new ResourceKey(resource.group(), resource.version(), resource.resource()), row);
        byKind.putIfAbsent(resource.groupVersionKind(), row);
      }
      versions = rows.stream().map(row -> row.resource().groupVersion()).distinct().toList();
    }

    static Table of(List<Kind> rows) {
      return new Table(List.copyOf(rows));
    }

    public @Nullable Kind find(String group, String version, String resource) {
      return byResource.get(new ResourceKey(group, version, resource));
    }

    public @Nullable Kind find(GroupVersionKind kind) {
      return byKind.get(kind);
    }

    public List<Kind> rows() {
      return rows;
    }

    /** Every served group and version, the core group first. */
    public List<GroupVersion> versions() {
      return versions;
    }

    /** The rows of one group and version. */
    public List<Kind> of(GroupVersion version) {
      return rows.stream().filter(row -> row.resource().groupVersion().equals(version)).toList();
    }
  }

  private record ResourceKey(String group, String version, String resource) {}
}
