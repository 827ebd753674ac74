package io.bulwark.schemas.generate;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sentences of all types and fields, each kept once. */
final class Descriptions {
  private final Map<String, Integer> indexes = new LinkedHashMap<>();

  int index(String description) {
    return indexes.computeIfAbsent(description, _ -> indexes.size());
  }

  /** The count, the offset at which each text ends, the texts in UTF-8. */
  byte[] bytes() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(indexes.size());
    int end = 0;
    for (Map.Entry<String, Integer> entry : indexes.entrySet()) {
      end += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
      out.writeInt(end);
    }
    for (String text : indexes.keySet()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
