package io.bulwark.cluster.node.image;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.runtime.RegistryCredentials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registry credentials from Secrets of the two Docker types. Secrets that cannot be read are passed
 * over.
 *
 * <p>Source: kubernetes.io/docs/concepts/containers/images, "Interpretation of config.json".
 */
public final class PullSecrets {
  private PullSecrets() {}

  /** The credentials in these Secrets that match an image, the most specific first. */
  public static List<RegistryCredentials> matching(List<Tree> secrets, String image) {
    String name = Reference.of(image).text();
    record Match(int length, RegistryCredentials credentials) {}
    List<Match> matches = new ArrayList<>();
    for (Tree secret : secrets) {
      for (Map.Entry<String, @Nullable Object> entry : registries(secret).entrySet()) {
        String pattern = normalized(entry.getKey());
        if (entry.getValue() instanceof Tree login && matches(pattern, name)) {
          RegistryCredentials credentials = credentials(login);
          if (credentials != null) {
            matches.add(new Match(pattern.length(), credentials));
          }
        }
      }
    }
    matches.sort((one, other) -> Integer.compare(other.length, one.length));
    return matches.stream().map(Match::credentials).toList();
  }

  private static Tree registries(Tree secret) {
    try {
      String modern = secret.text("data", ".dockerconfigjson");
      if (modern != null) {
        return Json.read(Base64.getDecoder().decode(modern)).treeOrEmpty("auths");
      }
      String old = secret.text("data", ".dockercfg");
      return old == null ? new Tree() : Json.read(Base64.getDecoder().decode(old));
    } catch (RuntimeException unreadable) {
      return new Tree();
    }
  }

  private static String normalized(String registry) {
    String bare = registry.replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "");
    return bare.equals("index.docker.io") ? "docker.io" : bare.replaceFirst("/+$", "");
  }

  private static boolean matches(String pattern, String name) {
    String[] wanted = pattern.split("/", 2);
    String[] given = name.split("/", 2);
    return host(wanted[0], given[0]) && (wanted.length == 1 || given[1].startsWith(wanted[1]));
  }

  /** A star stands for any characters of one label of the name. */
  private static boolean host(String pattern, String host) {
    String[] wanted = pattern.split("\\.", -1);
    String[] given = host.split("\\.", -1);
    if (wanted.length != given.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!label(wanted[i], given[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean label(String pattern, String label) {
    String[] pieces = pattern.split("\\*", -1);
    if (pieces.length == 1) {
      return pattern.equals(label);
    }
    String last = pieces[pieces.length - 1];
    int end = label.length() - last.length();
    int at = pieces[0].length();
    if (!label.startsWith(pieces[0]) || !label.endsWith(last) || end < at) {
      return false;
    }
    for (int i = 1; i < pieces.length - 1; i++) {
      int found = label.indexOf(pieces[i], at);
      at = found + pieces[i].length();
      if (found < 0 || at > end) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable RegistryCredentials credentials(Tree login) {
    String user = login.text("username");
    if (user != null) {
      return new RegistryCredentials(user, login.textOrEmpty("password"));
    }
    String both = login.text("auth");
    if (both == null) {
      return null;
    }
    try {
      String[] parts =
          new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8).split(":", 2);
      return parts.length == 2 ? new RegistryCredentials(parts[0], parts[1]) : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
