package io.bulwark.cluster.apiserver.read;

import io.bulwark.cluster.apiserver.store.Entry;

/** Copies the stored JSON of an object, with its resourceVersion put in. */
final class ObjectJson {
  private ObjectJson() {}

  /** The whole object. */
  static void whole(Output out, Entry entry) {
    copy(out, entry, 0, entry.value().length);
  }

  /** The object without apiVersion and kind, as items of a typed list are. */
  static void item(Output out, Entry entry) {
    JsonScan.Members members = ObjectView.of(entry).members();
    int at = 0;
    if (members.apiVersionStart() >= 0) {
      out.bytes(entry.value(), at, members.apiVersionStart());
      at = members.apiVersionEnd();
    }
    if (members.kindStart() >= 0) {
      out.bytes(entry.value(), at, members.kindStart());
      at = members.kindEnd();
    }
    copy(out, entry, at, entry.value().length);
  }

  /** Only the metadata. */
  static void metadata(Output out, Entry entry, String metaVersion) {
    JsonScan.Members members = ObjectView.of(entry).members();
    out.text("{\"apiVersion\":\"meta.k8s.io/")
        .text(metaVersion)
        .text("\",\"kind\":\"PartialObjectMetadata\",\"metadata\":");
    copy(out, entry, members.metadataStart(), members.metadataEnd());
    out.text("}");
  }

  private static void copy(Output out, Entry entry, int from, int to) {
    JsonScan.Members members = ObjectView.of(entry).members();
    byte[] json = entry.value();
    String version = "\"resourceVersion\":\"" + entry.revision() + "\"";
    if (members.uid() >= 0) {
      out.bytes(json, from, members.uid()).text(version + ",").bytes(json, members.uid(), to);
      return;
    }
    int end = members.metadataEnd() - 1;
    String comma = json[end - 1] == '{' ? "" : ",";
    out.bytes(json, from, end).text(comma + version).bytes(json, end, to);
  }
}
