package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The form in which a client wants its response.
 *
 * @param shape whether objects are sent whole, as tables or by their metadata only
 * @param metaVersion the version of meta.k8s.io that a table or metadata comes in
 * @param rowObjects what the rows of a table carry
 * @param pretty indented JSON, for people
 * @param gzip whether the client takes compressed responses
 */
public record Encoding(
    Format format,
    Shape shape,
    String metaVersion,
    RowObjects rowObjects,
    boolean pretty,
    boolean gzip) {
  /** What an object is turned into. */
  public enum Shape {
    OBJECT,
    TABLE,
    METADATA
  }

  /** The parameter {@code includeObject} of a table. */
  public enum RowObjects {
    NONE,
    METADATA,
    OBJECT
  }

  /**
   * What the client wants of a single object.
   *
   * @throws io.bulwark.api.failure.Rejected with 406 where we have nothing that it accepts
   */
  public static Encoding negotiate(Incoming incoming) {
    return negotiate(incoming, List.of("Table", "PartialObjectMetadata"), false);
  }

  /** What the client wants of a list; refuses as {@link #negotiate(Incoming)} does. */
  public static Encoding negotiateList(Incoming incoming) {
    return negotiate(incoming, List.of("Table", "PartialObjectMetadataList"), false);
  }

  /** What the client wants of a watch; refuses as {@link #negotiate(Incoming)} does. */
  public static Encoding negotiateWatch(Incoming incoming) {
    return negotiate(incoming, List.of("Table", "PartialObjectMetadata"), true);
  }

  /** What the client wants of something that has no other shape: a review, a Scale, a Status. */
  public static Encoding negotiatePlain(Incoming incoming) {
    return negotiate(incoming, List.of(), false);
  }

  /** The format for an error: what the client accepts if we can, else JSON. Never refuses. */
  public static Encoding forError(Incoming incoming) {
    for (Accept clause : accepted(incoming)) {
      for (Format format : Format.values()) {
        if (clause.matches(format.mediaType())) {
          return plain(format, incoming, clause);
        }
      }
    }
    return new Encoding(Format.JSON, Shape.OBJECT, "", RowObjects.NONE, false, false);
  }

  private static Encoding negotiate(Incoming incoming, List<String> shapes, boolean stream) {
    List<Accept> clauses = accepted(incoming);
    if (clauses.isEmpty()) {
      return plain(Format.JSON, incoming, new Accept("*", "*", 1, Map.of()));
    }
    for (Accept clause : clauses) {
      for (Format format : Format.values()) {
        if (clause.matches(format.mediaType())
            && acceptable(clause, format, shapes)
            && (!stream || format.streams())) {
          return of(clause, format, incoming);
        }
      }
    }
    if (!stream && clauses.stream().noneMatch(Encoding::known)) {
      throw new Failure.Ready(406, unknown()).rejected();
    }
    throw new Failure.NotAcceptable(stream ? streamed() : Format.mediaTypes()).rejected();
  }

  private static boolean known(Accept clause) {
    return Format.mediaTypes().stream().anyMatch(clause::matches);
  }

  /** Source: the words of upstream's router, which knows media types without their parameters. */
  private static Tree unknown() {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Status",
        "metadata",
        new Tree(),
        "status",
        "Failure",
        "message",
        "406: Not Acceptable\n\nAvailable representations: "
            + String.join(", ", Format.mediaTypes()),
        "reason",
        "NotAcceptable",
        "details",
        new Tree());
  }

  private static List<Accept> accepted(Incoming incoming) {
    String header = incoming.header("accept");
    return header == null ? List.of() : Accept.parse(header);
  }

  private static boolean acceptable(Accept clause, Format format, List<String> shapes) {
    String stream = clause.parameters().getOrDefault("stream", "");
    if (!stream.isEmpty() && !(stream.equals("watch") && format.streams())) {
      return false;
    }
    String as = clause.parameters().get("as");
    if (as == null) {
      return !clause.parameters().containsKey("g") && !clause.parameters().containsKey("v");
    }
    String version = clause.parameters().getOrDefault("v", "");
    return shapes.contains(as)
        && "meta.k8s.io".equals(clause.parameters().get("g"))
        && (version.equals("v1") || version.equals("v1beta1"))
        && !(as.equals("Table") && format == Format.PROTOBUF);
  }

  private static Encoding of(Accept clause, Format format, Incoming incoming) {
    Encoding plain = plain(format, incoming, clause);
    String as = clause.parameters().get("as");
    if (as == null) {
      return plain;
    }
    Shape shape = as.equals("Table") ? Shape.TABLE : Shape.METADATA;
    return new Encoding(
        format,
        shape,
        clause.parameters().getOrDefault("v", "v1"),
        shape == Shape.TABLE ? rowObjects(incoming) : RowObjects.NONE,
        plain.pretty,
        plain.gzip);
  }

  private static Encoding plain(Format format, Incoming incoming, Accept clause) {
    String codings = incoming.header("accept-encoding");
    return new Encoding(
        format,
        Shape.OBJECT,
        "",
        RowObjects.NONE,
        "1".equals(clause.parameters().get("pretty")) || pretty(incoming),
        codings != null && codings.contains("gzip"));
  }

  /** Source: people who look with curl, wget or a browser get indented JSON unless they refuse. */
  private static boolean pretty(Incoming incoming) {
    String asked = incoming.parameter("pretty");
    if (asked != null && !asked.isEmpty()) {
      return List.of("1", "t", "T", "true", "TRUE", "True").contains(asked);
    }
    String agent = incoming.header("user-agent");
    return agent != null
        && (agent.startsWith("curl")
            || agent.startsWith("Wget")
            || agent.startsWith("Mozilla/5.0"));
  }

  private static RowObjects rowObjects(Incoming incoming) {
    String asked = incoming.parameter("includeObject");
    return switch (asked == null ? "" : asked) {
      case "", "Metadata" -> RowObjects.METADATA;
      case "None" -> RowObjects.NONE;
      case "Object" -> RowObjects.OBJECT;
      default ->
          throw new Failure.BadRequest(
                  "Unable to convert to Table as requested: includeObject: Invalid value: \""
                      + asked
                      + "\": must be 'Metadata', 'Object', 'None', or empty")
              .rejected();
    };
  }

  private static List<String> streamed() {
    List<String> types = new ArrayList<>();
    for (Format format : Format.values()) {
      if (format.streams()) {
        types.add(format.mediaType() + ";stream=watch");
      }
    }
    return types;
  }
}
