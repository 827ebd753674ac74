package io.bulwark.cluster.image.build;

import java.util.regex.Pattern;

/**
 * An image name with everything that people leave out put in: {@code busybox} becomes {@code
 * docker.io/library/busybox:latest}.
 *
 * <p>Source: distribution/reference's grammar.
 *
 * @param text registry, path, and tag or digest
 */
public record Reference(String text) {
  private static final Pattern FORM =
      Pattern.compile(
          "([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*"
              + "(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"
              + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?");

  /**
   * @throws IllegalArgumentException if the name is no image name
   */
  public static Reference of(String name) {
    if (name.length() > 400 || !FORM.matcher(name).matches()) {
      throw new IllegalArgumentException("invalid reference format: " + name);
    }
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
    String full = name;
    if (!registry) {
      full = slash < 0 ? "docker.io/library/" + name : "docker.io/" + name;
    }
    boolean tagged = full.contains("@") || full.indexOf(':', full.lastIndexOf('/')) >= 0;
    return new Reference(tagged ? full : full + ":latest");
  }

  @Override
  public String toString() {
    return text;
  }
}
