package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Column;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.util.List;

/** Writes objects as a {@code meta.k8s.io Table}. */
final class TableJson {
  private TableJson() {}

  /**
   * @param definitions whether to say what the columns are; a watch says it once
   */
  static void write(
      Output out,
      Tree metadata,
      List<Item> items,
      Kind kind,
      Encoding encoding,
      boolean definitions) {
    out.text("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/")
        .text(encoding.metaVersion())
        .text("\",\"metadata\":")
        .bytes(Json.write(metadata))
        .text(",\"columnDefinitions\":")
        .text(definitions ? Json.text(definitions(kind)) : "null")
        .text(",\"rows\":[");
    for (int i = 0; i < items.size(); i++) {
      out.text(i == 0 ? "{\"cells\":" : ",{\"cells\":");
      row(out, items.get(i), kind, encoding);
      out.text("}");
    }
    out.text("]}");
  }

  private static TreeList definitions(Kind kind) {
    TreeList definitions = new TreeList();
    for (Column column : kind.columns()) {
      definitions.add(
          Tree.of(
              "name", column.name(),
              "type", column.type(),
              "format", column.format(),
              "description", column.description(),
              "priority", column.priority()));
    }
    return definitions;
  }

  private static void row(Output out, Item item, Kind kind, Encoding encoding) {
    Tree object = item.columns();
    TreeList cells = new TreeList();
    for (Column column : kind.columns()) {
      cells.add(column.cell().apply(object));
    }
    out.bytes(Json.writeAny(cells));
    TreeList conditions = kind.strategy().rowConditions(object);
    if (!conditions.isEmpty()) {
      out.text(",\"conditions\":").bytes(Json.writeAny(conditions));
    }
    out.text(",\"object\":");
    switch (encoding.rowObjects()) {
      case NONE -> out.text("null");
      case METADATA -> item.metadata(out, encoding.metaVersion());
      case OBJECT -> item.whole(out);
    }
  }
}
