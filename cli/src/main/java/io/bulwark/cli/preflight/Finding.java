package io.bulwark.cli.preflight;

/**
 * Something that stands in the way.
 *
 * @param fatal whether the cluster cannot start, or only works with limits
 * @param problem what is wrong
 * @param remedy what to do
 */
public record Finding(boolean fatal, String problem, String remedy) {
  static Finding fatal(String problem, String remedy) {
    return new Finding(true, problem, remedy);
  }

  static Finding warning(String problem, String remedy) {
    return new Finding(false, problem, remedy);
  }

  @Override
  public String toString() {
    return problem + "; " + remedy;
  }
}
