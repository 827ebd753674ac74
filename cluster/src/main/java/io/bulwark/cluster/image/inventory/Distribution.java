package io.bulwark.cluster.image.inventory;

/**
 * The distribution of a file system as its {@code os-release} names it. Immutable.
 *
 * @param id {@code ID}, lower case: {@code debian}, {@code alpine}, {@code rhel}; empty if unknown
 * @param version {@code VERSION_ID}; empty if there is none
 * @param name {@code PRETTY_NAME}; empty if there is none
 */
public record Distribution(String id, String version, String name) {
  /** No os-release was found. */
  public static final Distribution UNKNOWN = new Distribution("", "", "");
}
