package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What npm's lock files declare, development dependencies aside: versions 1 (a tree of {@code
 * dependencies}), 2 and 3 ({@code packages} by directory).
 *
 * <p>Source: npm's documentation of package-lock.json.
 */
final class NpmLockCataloger implements Cataloger {
  private static final int LARGEST = 64 << 20;
  private static final String DIRECTORY = "node_modules/";

  @Override
  public boolean reads(String path) {
    return (path.endsWith("/package-lock.json") || path.endsWith("/npm-shrinkwrap.json"))
        && NpmLibrary.ownLock(path);
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Found byDirectory = new Found();
    Found byName = new Found();
    JsonWalk.document(
        Bounded.read(file, LARGEST),
        document ->
            JsonWalk.object(
                document,
                (name, value) -> {
                  switch (name) {
                    case "packages" -> packages(value, file.path(), byDirectory);
                    case "dependencies" -> dependencies(value, file.path(), byName);
                    default -> value.skipChildren();
                  }
                }));
    return (byDirectory.isEmpty() ? byName : byDirectory).list();
  }

  private static void packages(JsonParser parser, String path, Found found) {
    JsonWalk.object(
        parser,
        (directory, value) -> {
          Map<String, String> members = JsonWalk.scalars(value);
          int last = directory.lastIndexOf(DIRECTORY);
          if (last < 0 || skipped(members)) {
            return;
          }
          String name =
              members.getOrDefault("name", directory.substring(last + DIRECTORY.length()));
          found.add(NpmLibrary.of(name, members.getOrDefault("version", ""), path));
        });
  }

  private static void dependencies(JsonParser parser, String path, Found found) {
    JsonWalk.object(
        parser,
        (name, value) -> {
          String[] version = {""};
          boolean[] skip = {value.currentToken() != JsonToken.START_OBJECT};
          JsonWalk.object(
              value,
              (member, inner) -> {
                switch (member) {
                  case "version" -> version[0] = inner.getString();
                  case "dev" -> skip[0] |= inner.currentToken() == JsonToken.VALUE_TRUE;
                  case "dependencies" -> dependencies(inner, path, found);
                  default -> inner.skipChildren();
                }
              });
          if (!skip[0]) {
            found.add(named(name, version[0], path));
          }
        });
  }

  /** A version may name another package: {@code npm:other@1.0.0}. */
  private static @Nullable Component named(String name, String version, String path) {
    int at = version.lastIndexOf('@');
    return version.startsWith("npm:") && at > 4
        ? NpmLibrary.of(version.substring(4, at), version.substring(at + 1), path)
        : NpmLibrary.of(name, version, path);
  }

  private static boolean skipped(Map<String, String> members) {
    return "true".equals(members.get("dev"))
        || "true".equals(members.get("link"))
        || "true".equals(members.get("extraneous"));
  }
}
