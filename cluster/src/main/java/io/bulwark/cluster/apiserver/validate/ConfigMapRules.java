package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Config maps: keys, size, and that an immutable one stays. */
final class ConfigMapRules implements Rules {
  static final long SIZE = 1024 * 1024;

  @Override
  public void check(Tree object, Checks checks) {
    Tree data = object.treeOrEmpty("data");
    Tree binary = object.treeOrEmpty("binaryData");
    long size = 0;
    for (String key : data.keySet()) {
      checks.syntax("data[" + key + "]", key, Syntax.configKey(key));
      if (binary.containsKey(key)) {
        checks.invalid("data[" + key + "]", key, "duplicate of key present in binaryData");
      }
      size += data.textOrEmpty(key).getBytes(StandardCharsets.UTF_8).length;
    }
    for (String key : binary.keySet()) {
      checks.syntax("binaryData[" + key + "]", key, Syntax.configKey(key));
      size += decodedLength(binary.textOrEmpty(key));
    }
    if (size > SIZE) {
      checks.tooLong("[]", "may not be more than " + SIZE + " bytes");
    }
  }

  /** Bytes that a base64 text stands for. */
  static long decodedLength(String base64) {
    int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
    return base64.length() / 4L * 3 - padding;
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    immutable(object, live, List.of("data", "binaryData"), checks);
  }

  static void immutable(Tree object, Tree live, List<String> fields, Checks checks) {
    if (!live.flag("immutable")) {
      return;
    }
    String words = "field is immutable when `immutable` is set";
    if (!object.flag("immutable")) {
      checks.forbidden("immutable", words);
    }
    for (String field : fields) {
      if (!Objects.equals(object.treeOrEmpty(field), live.treeOrEmpty(field))) {
        checks.forbidden(field, words);
      }
    }
  }
}
