package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.HashMap;
import java.util.Map;

/**
 * Amounts of resources. Immutable.
 *
 * @param cpu in thousandths of a core
 * @param memory in bytes
 * @param storage ephemeral storage in bytes
 * @param others whole numbers by resource name
 */
public record Amounts(long cpu, long memory, long storage, Map<String, Long> others) {
  public static final Amounts NONE = new Amounts(0, 0, 0, Map.of());

  /** Reads a map of resource names to quantities. */
  public static Amounts of(Tree quantities) {
    if (quantities.isEmpty()) {
      return NONE;
    }
    long cpu = 0;
    long memory = 0;
    long storage = 0;
    Map<String, Long> others = Map.of();
    for (int i = 0; i < quantities.size(); i++) {
      Quantity quantity = Quantity.of(quantities.valueAt(i));
      switch (quantities.keyAt(i)) {
        case "cpu" -> cpu = quantity.milliValue();
        case "memory" -> memory = quantity.value();
        case "ephemeral-storage" -> storage = quantity.value();
        case "pods" -> {}
        default -> {
          others = others.isEmpty() ? new HashMap<>() : others;
          others.put(quantities.keyAt(i), quantity.value());
        }
      }
    }
    return new Amounts(cpu, memory, storage, others);
  }

  public Amounts plus(Amounts more) {
    return new Amounts(
        cpu + more.cpu, memory + more.memory, storage + more.storage, merged(more, 1));
  }

  public Amounts minus(Amounts less) {
    return new Amounts(
        cpu - less.cpu, memory - less.memory, storage - less.storage, merged(less, -1));
  }

  /** The greater of each. */
  public Amounts max(Amounts other) {
    Map<String, Long> most = others;
    if (!other.others.isEmpty()) {
      most = new HashMap<>(others);
      for (Map.Entry<String, Long> entry : other.others.entrySet()) {
        most.merge(entry.getKey(), entry.getValue(), Math::max);
      }
    }
    return new Amounts(
        Math.max(cpu, other.cpu),
        Math.max(memory, other.memory),
        Math.max(storage, other.storage),
        most);
  }

  private Map<String, Long> merged(Amounts other, int sign) {
    if (other.others.isEmpty()) {
      return others;
    }
    Map<String, Long> sum = new HashMap<>(others);
    other.others.forEach((name, amount) -> sum.merge(name, sign * amount, Long::sum));
    return sum;
  }
}
