package io.bulwark.api.codec;

import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * YAML to trees and back. Plain scalars mean what they mean to upstream's reader, which is YAML 1.1
 * in the main: {@code yes}, {@code on} and {@code y} are true, {@code 0644} is octal, {@code ~} is
 * null, {@code <<} merges.
 *
 * <p>Thread-safe.
 *
 * <p>Source: sigs.k8s.io/yaml.
 */
public final class Yaml {
  private Yaml() {}

  /**
   * Reads the first document, which must be an object.
   *
   * @throws MalformedBody if it is none
   */
  public static Tree read(byte[] yaml) {
    return read(yaml, null);
  }

  /**
   * Reads the first document and collects duplicate keys, each as {@code line N: key "k" already
   * set in map}; the last one wins.
   *
   * @throws MalformedBody if the document is no object
   */
  public static Tree read(byte[] yaml, @Nullable List<String> duplicates) {
    if (readAny(yaml, duplicates) instanceof Tree tree) {
      return tree;
    }
    throw new MalformedBody("yaml: the document is no object");
  }

  /** Reads the first document, whatever it is; null where there is none. */
  public static @Nullable Object readAny(byte[] yaml, @Nullable List<String> duplicates) {
    YamlReading reading = new YamlReading(text(yaml), duplicates);
    return reading.next() ? reading.document() : null;
  }

  /** Reads every document that is not empty; each must be an object. */
  public static List<Tree> readAll(byte[] yaml) {
    YamlReading reading = new YamlReading(text(yaml), null);
    List<Tree> documents = new ArrayList<>();
    while (reading.next()) {
      switch (reading.document()) {
        case Tree tree -> documents.add(tree);
        case null -> {}
        default -> throw new MalformedBody("yaml: the document is no object");
      }
    }
    return documents;
  }

  /** A document in block style, keys sorted, two spaces for a level, ending in a line feed. */
  public static byte[] write(Tree tree) {
    return text(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** {@link #write} as text. */
  public static String text(Tree tree) {
    return new YamlWriting().document(tree);
  }

  private static String text(byte[] yaml) {
    return new String(yaml, StandardCharsets.UTF_8);
  }
}
