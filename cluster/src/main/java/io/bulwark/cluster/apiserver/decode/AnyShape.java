package io.bulwark.cluster.apiserver.decode;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has no schema: any value, merged key by key, lists as a whole. */
final class AnyShape implements Shape {
  @Override
  public Form form() {
    return Form.ANY;
  }

  @Override
  public String typeName() {
    return "interface {}";
  }

  @Override
  public @Nullable Shape field(String name) {
    return this;
  }

  @Override
  public Set<String> fields() {
    return Set.of();
  }

  @Override
  public Shape element() {
    return this;
  }

  @Override
  public ListType listType() {
    return ListType.ATOMIC;
  }

  @Override
  public List<String> listKeys() {
    return List.of();
  }

  @Override
  public boolean atomic() {
    return false;
  }

  @Override
  public boolean patchMerges() {
    return false;
  }

  @Override
  public boolean patchRetainsKeys() {
    return false;
  }

  @Override
  public String patchMergeKey() {
    return "";
  }

  @Override
  public @Nullable Object defaultValue() {
    return null;
  }

  @Override
  public List<String> required() {
    return List.of();
  }

  @Override
  public List<String> enumeration() {
    return List.of();
  }
}
