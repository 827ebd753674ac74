package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/**
 * Java run-times, by the {@code release} file at the top of an installation.
 *
 * <p>A run-time that its release file ascribes to a distribution is left to the distribution's
 * package database, which knows the patches in it; it would otherwise be found twice, once with a
 * version that no advisory of the distribution speaks of.
 */
final class RuntimeCataloger implements Cataloger {
  private static final int LARGEST = 256 << 10;
  private static final Set<String> DISTRIBUTIONS =
      Set.of("debian", "ubuntu", "alpine", "private build");

  @Override
  public boolean reads(String path) {
    return path.endsWith("/release");
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    if (file.size() > LARGEST) {
      return List.of();
    }
    Properties properties = new Properties();
    try {
      properties.load(
          new StringReader(new String(Bounded.read(file, LARGEST), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException badEscape) {
      return List.of();
    }
    String version = text(properties, "JAVA_RUNTIME_VERSION");
    if (version.isEmpty()) {
      version = text(properties, "JAVA_VERSION");
    }
    String implementor = text(properties, "IMPLEMENTOR");
    if (!Words.coordinate(version)
        || DISTRIBUTIONS.contains(implementor.toLowerCase(Locale.ROOT))
        || packaged(implementor, file.path())) {
      return List.of();
    }
    Product product = Product.of(implementor);
    return List.of(
        new Component(
            product.name,
            version,
            "Java",
            Purls.of("generic", product.namespace, product.name, version),
            file.path(),
            null,
            Component.Kind.RUNTIME));
  }

  /** Red Hat builds both packages, below this directory, and archives, elsewhere. */
  private static boolean packaged(String implementor, String path) {
    return implementor.startsWith("Red Hat") && path.startsWith("/usr/lib/jvm/");
  }

  private static String text(Properties properties, String name) {
    String value = properties.getProperty(name, "").strip();
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).strip()
        : value;
  }

  private enum Product {
    TEMURIN("Eclipse Adoptium", "eclipse", "temurin"),
    ORACLE("Oracle", "oracle", "jdk"),
    CORRETTO("Amazon", "amazon", "corretto"),
    ZULU("Azul", "azul", "zulu"),
    LIBERICA("BellSoft", "bellsoft", "liberica"),
    MICROSOFT("Microsoft", "microsoft", "openjdk"),
    SEMERU("IBM", "ibm", "semeru"),
    SAP("SAP", "sap", "sapmachine"),
    GRAALVM("GraalVM", "oracle", "graalvm"),
    RED_HAT("Red Hat", "redhat", "openjdk"),
    OTHER("", "openjdk", "openjdk");

    private final String start;
    private final String namespace;
    private final String name;

    Product(String start, String namespace, String name) {
      this.start = start;
      this.namespace = namespace;
      this.name = name;
    }

    static Product of(String implementor) {
      for (Product product : values()) {
        if (implementor.startsWith(product.start)) {
          return product;
        }
      }
      return OTHER;
    }
  }
}
