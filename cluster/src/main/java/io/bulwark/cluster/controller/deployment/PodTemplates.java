package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares pod templates and names them by hash. */
final class PodTemplates {
  static final String HASH_LABEL = "pod-template-hash";

  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final Set<String> MAPS = Set.of("labels", "annotations", "nodeSelector");

  private PodTemplates() {}

  /** Whether two templates make the same pods; the hash label does not count. */
  static boolean same(Tree a, Tree b) {
    return canonical(a).equals(canonical(b));
  }

  /**
   * A short name of a template.
   *
   * @param collisions how often the name was found taken; null for never
   */
  static String hash(Tree template, @Nullable Long collisions) {
    int hash = fnv(0x811c9dc5, Json.write(canonical(template)));
    if (collisions != null) {
      byte[] salt =
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(collisions).array();
      hash = fnv(hash, salt);
    }
    StringBuilder name = new StringBuilder(10);
    for (byte digit : Integer.toUnsignedString(hash).getBytes(StandardCharsets.US_ASCII)) {
      name.append(ALPHABET.charAt(digit % ALPHABET.length()));
    }
    return name.toString();
  }

  private static int fnv(int hash, byte[] bytes) {
    for (byte next : bytes) {
      hash = (hash ^ (next & 0xff)) * 0x01000193;
    }
    return hash;
  }

  private static Tree canonical(Tree template) {
    Tree canonical = template.copy().drop("metadata", "labels", HASH_LABEL);
    prune(canonical);
    return canonical;
  }

  private static void prune(Tree tree) {
    for (int i = tree.size() - 1; i >= 0; i--) {
      String key = tree.keyAt(i);
      switch (tree.valueAt(i)) {
        case null -> tree.remove(key);
        case Tree child -> {
          prune(child);
          if (child.isEmpty() && MAPS.contains(key)) {
            tree.remove(key);
          }
        }
        case TreeList list -> {
          list.trees().forEach(PodTemplates::prune);
          if (list.isEmpty()) {
            tree.remove(key);
          }
        }
        default -> {}
      }
    }
  }
}
