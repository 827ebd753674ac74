package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import java.util.List;

/** The bytes of single events of a watch, each as the client reads it from the stream. */
public final class WatchEvents {
  /** The annotation of the bookmark that ends the initial events. */
  public static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  private WatchEvents() {}

  /** The form of a watch: JSON where objects of the kind have no protobuf form. */
  public static Encoding supported(Encoding encoding, Kind kind) {
    return ProtobufBody.supported(encoding, kind.resource().groupVersionKind());
  }

  /**
   * @param type {@code ADDED}, {@code MODIFIED} or {@code DELETED}
   * @param definitions whether a table says what its columns are
   */
  public static byte[] change(
      String type, Entry entry, Kind kind, Encoding encoding, boolean definitions) {
    return event(type, Item.of(entry, kind), kind, encoding, definitions);
  }

  private static byte[] event(
      String type, Item item, Kind kind, Encoding encoding, boolean definitions) {
    if (encoding.format() == Format.PROTOBUF) {
      return Protobuf.watchFrame(type, ProtobufBody.object(item, kind, encoding).toBytes());
    }
    Output out = open(type);
    write(out, item, kind, encoding, definitions);
    return close(out);
  }

  private static void write(
      Output out, Item item, Kind kind, Encoding encoding, boolean definitions) {
    switch (encoding.shape()) {
      case OBJECT -> item.whole(out);
      case METADATA -> item.metadata(out, encoding.metaVersion());
      case TABLE ->
          TableJson.write(
              out,
              Tree.of("resourceVersion", item.revision()),
              List.of(item),
              kind,
              encoding,
              definitions);
    }
  }

  /** Says how far a watch has come. */
  public static byte[] bookmark(
      long revision, Kind kind, Encoding encoding, boolean initialEventsEnd, boolean definitions) {
    Tree metadata = Tree.of("resourceVersion", Long.toString(revision));
    if (initialEventsEnd) {
      metadata.set("true", "annotations", INITIAL_EVENTS_END);
    }
    Tree object =
        Tree.of(
            "apiVersion", kind.resource().groupVersion().toString(),
            "kind", kind.resource().kind(),
            "metadata", metadata);
    return event("BOOKMARK", new Item.Made(object, kind), kind, encoding, definitions);
  }

  /** Ends a watch that cannot go on. */
  public static byte[] error(Tree status, Encoding encoding) {
    if (encoding.format() == Format.PROTOBUF) {
      return Protobuf.watchFrame("ERROR", Protobuf.write(status));
    }
    return close(open("ERROR").bytes(Json.write(status)));
  }

  private static Output open(String type) {
    return new Output().text("{\"type\":\"" + type + "\",\"object\":");
  }

  private static byte[] close(Output out) {
    return out.text("}\n").toBytes();
  }
}
