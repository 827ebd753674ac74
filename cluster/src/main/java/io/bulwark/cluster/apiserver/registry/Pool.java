package io.bulwark.cluster.apiserver.registry;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * Numbers of which each is given out once. The lower band is for those who ask for a number by
 * name; automatic ones come from it only when the upper band is full. Not thread-safe.
 *
 * <p>Source: KEP-3070 and KEP-3668.
 */
final class Pool {
  static final int FULL = -1;

  private final int size;
  private final int lowerBand;
  private final BitSet taken = new BitSet();
  private final RandomGenerator random;

  Pool(int size, int lowerBand, RandomGenerator random) {
    this.size = size;
    this.lowerBand = lowerBand;
    this.random = random;
  }

  boolean contains(int number) {
    return number >= 0 && number < size;
  }

  boolean take(int number) {
    if (taken.get(number)) {
      return false;
    }
    taken.set(number);
    return true;
  }

  /** A number that was free, or {@link #FULL}. */
  int takeAny() {
    int found = free(lowerBand, size);
    if (found == FULL) {
      found = free(0, lowerBand);
    }
    if (found != FULL) {
      taken.set(found);
    }
    return found;
  }

  private int free(int from, int to) {
    if (from >= to) {
      return FULL;
    }
    int start = random.nextInt(from, to);
    int found = taken.nextClearBit(start);
    if (found >= to) {
      found = taken.nextClearBit(from);
    }
    return found < to ? found : FULL;
  }

  void give(int number) {
    taken.clear(number);
  }
}
