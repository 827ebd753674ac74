package io.bulwark.cluster.controller.job;

import java.util.BitSet;
import java.util.StringJoiner;

/**
 * A set of completion indexes, written as {@code 1,3-5}. For one thread.
 *
 * <p>Source: the documentation of {@code completedIndexes} in upstream's API reference of Jobs.
 */
final class Indexes {
  private final BitSet members = new BitSet();

  /** Reads a set; what is malformed or not below the bound is left out. */
  static Indexes parse(String text, long bound) {
    Indexes indexes = new Indexes();
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      try {
        int first = Integer.parseInt(dash < 0 ? part.strip() : part.substring(0, dash).strip());
        int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1).strip());
        for (int index = first; index <= last && index < bound; index++) {
          indexes.members.set(index);
        }
      } catch (NumberFormatException none) {
        continue;
      }
    }
    return indexes;
  }

  boolean contains(long index) {
    return index >= 0 && index <= Integer.MAX_VALUE && members.get((int) index);
  }

  void add(long index) {
    members.set((int) index);
  }

  int size() {
    return members.cardinality();
  }

  /** How many members another set has too. */
  int common(Indexes other) {
    BitSet both = (BitSet) members.clone();
    both.and(other.members);
    return both.cardinality();
  }

  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner(",");
    for (int first = members.nextSetBit(0); first >= 0; ) {
      int last = members.nextClearBit(first) - 1;
      parts.add(
          last == first ? "" + first : last == first + 1 ? first + "," + last : first + "-" + last);
      first = members.nextSetBit(last + 1);
    }
    return parts.toString();
  }
}
