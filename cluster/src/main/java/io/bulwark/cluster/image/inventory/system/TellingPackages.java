package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Component.Kind;
import java.util.regex.Pattern;

/** Packages of distributions that say what a layer is there for. */
final class TellingPackages {
  private static final Pattern RUNTIME =
      Pattern.compile(
          "(openjdk-?\\d+|java-\\d+(\\.\\d+\\.\\d+)?-openjdk|temurin-\\d+|zulu-?\\d+"
              + "|java-\\d+-amazon-corretto)(-(jre|jdk))?(-headless|-base)?|nodejs");
  private static final Pattern SERVER =
      Pattern.compile("tomcat\\d*|libtomcat\\d+-java|jetty\\d*|nginx(-core)?|apache2|httpd");

  private TellingPackages() {}

  static Kind kind(String name) {
    if (SERVER.matcher(name).matches()) {
      return Kind.SERVER;
    }
    return RUNTIME.matcher(name).matches() ? Kind.RUNTIME : Kind.DISTRIBUTION;
  }
}
