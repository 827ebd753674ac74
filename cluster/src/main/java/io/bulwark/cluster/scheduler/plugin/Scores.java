package io.bulwark.cluster.scheduler.plugin;

import io.bulwark.cluster.scheduler.framework.Score;

/** Brings raw scores into the common range. */
final class Scores {
  private Scores() {}

  /**
   * Scales so that the greatest becomes the best; changes the array.
   *
   * @param reverse whether the greatest raw score is the worst
   */
  static long[] normalize(long[] scores, boolean reverse) {
    long most = 0;
    for (long score : scores) {
      most = Math.max(most, score);
    }
    for (int i = 0; i < scores.length; i++) {
      long scaled = most == 0 ? 0 : scores[i] * Score.BEST / most;
      scores[i] = reverse ? Score.BEST - scaled : scaled;
    }
    return scores;
  }

  /** Scales so that the least becomes 0 and the greatest the best; changes the array. */
  static long[] stretch(long[] scores, boolean reverse) {
    long most = Long.MIN_VALUE;
    long least = Long.MAX_VALUE;
    for (long score : scores) {
      most = Math.max(most, score);
      least = Math.min(least, score);
    }
    for (int i = 0; i < scores.length; i++) {
      long scaled = most == least ? 0 : Score.BEST * (scores[i] - least) / (most - least);
      scores[i] = reverse ? Score.BEST - scaled : scaled;
    }
    return scores;
  }
}
