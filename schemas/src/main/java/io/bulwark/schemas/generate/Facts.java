package io.bulwark.schemas.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the Java models and descriptors do not say, from the tables of this module. */
record Facts(
    SortedMap<String, OfType> types,
    Map<String, OfField> fields,
    SortedMap<String, List<OwnField>> own) {
  /**
   * @param group null where the type is no kind
   */
  record OfType(String name, String model, @Nullable String group, String mapType) {}

  /** Every text may be empty; {@code enumeration} is a JSON array, {@code standard} JSON. */
  record OfField(
      String patchStrategy,
      String mergeKey,
      String listType,
      String listMapKeys,
      String mapType,
      String standard,
      String enumeration,
      String kind,
      String protobuf,
      boolean keepsZero) {
    static final OfField NONE = new OfField("", "", "", "", "", "", "", "", "", false);
  }

  /**
   * A field of a type that no Java model describes.
   *
   * @param type a scalar or a schema, {@code list } or {@code map } before it
   * @param number in protobuf; 0 where it is not there
   */
  record OwnField(String name, String type, int number, boolean keepsZero) {}

  static Facts read(Path directory) throws IOException {
    SortedMap<String, OfType> types = new TreeMap<>();
    rows(
        directory.resolve("types.tsv"),
        row ->
            types.put(
                row[0], new OfType(row[0], row[1], row[2].equals("-") ? null : row[2], row[3])));
    Map<String, OfField> fields = new HashMap<>();
    rows(
        directory.resolve("fields.tsv"),
        row ->
            fields.put(
                row[0] + "\t" + row[1],
                new OfField(
                    row[2],
                    row[3],
                    row[4],
                    row[5],
                    row[6],
                    row[7],
                    row[8],
                    row[9],
                    row[10],
                    !row[11].isEmpty())));
    SortedMap<String, List<OwnField>> own = new TreeMap<>();
    rows(
        directory.resolve("own.tsv"),
        row -> {
          types.put(row[0], new OfType(row[0], "", row[1].equals("-") ? null : row[1], ""));
          own.computeIfAbsent(row[0], _ -> new ArrayList<>())
              .add(new OwnField(row[2], row[3], Integer.parseInt(row[4]), !row[5].isEmpty()));
        });
    return new Facts(types, fields, own);
  }

  OfField of(String type, String field) {
    return fields.getOrDefault(type + "\t" + field, OfField.NONE);
  }

  private static void rows(Path table, Consumer<String[]> each) throws IOException {
    for (String line : Files.readAllLines(table)) {
      if (!line.startsWith("#")) {
        each.accept(line.split("\t", -1));
      }
    }
  }
}
