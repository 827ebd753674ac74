package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Events, which core and events.k8s.io share: stored as core/v1, so every reader here expects the
 * core field names.
 */
final class EventsRows {
  private static final String[] SELECTABLE = {
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "type"
  };

  private final Ages ages;

  EventsRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        columns(Row.of(Resources.EVENTS_V1))
            .shortNames("ev")
            .prefix("/events/")
            .selectable("regarding.kind", object -> object.textOrEmpty("involvedObject", "kind"))
            .selectable(
                "regarding.namespace", object -> object.textOrEmpty("involvedObject", "namespace"))
            .selectable("regarding.name", object -> object.textOrEmpty("involvedObject", "name"))
            .selectable("regarding.uid", object -> object.textOrEmpty("involvedObject", "uid"))
            .selectable(
                "regarding.apiVersion",
                object -> object.textOrEmpty("involvedObject", "apiVersion"))
            .selectable(
                "regarding.resourceVersion",
                object -> object.textOrEmpty("involvedObject", "resourceVersion"))
            .selectable(
                "regarding.fieldPath", object -> object.textOrEmpty("involvedObject", "fieldPath"))
            .selectable("reason", "type")
            .selectable("reportingController", object -> object.textOrEmpty("reportingComponent"))
            .strategy(new EventStrategy(true))
            .kind());
  }

  Kind core() {
    return columns(Row.of(Resources.EVENTS))
        .shortNames("ev")
        .selectable(SELECTABLE)
        .selectable("source", EventsRows::component)
        .strategy(new EventStrategy(false))
        .kind();
  }

  private Row columns(Row row) {
    return row.columns(
        Columns.text("Last Seen", "When it was seen last.", this::lastSeen),
        Columns.text("Type", "Normal or Warning.", object -> object.textOrEmpty("type")),
        Columns.text("Reason", "A word for machines.", object -> object.textOrEmpty("reason")),
        Columns.text("Object", "What it is about.", EventsRows::involved),
        Columns.wide(
            "Subobject",
            "The part that it is about.",
            object -> object.textOrEmpty("involvedObject", "fieldPath")),
        Columns.wide("Source", "Who reports it.", EventsRows::source),
        Columns.text(
            "Message", "A sentence for people.", object -> object.textOrEmpty("message").trim()),
        Columns.wide("First Seen", "When it was seen first.", this::firstSeen),
        Columns.wide("Count", "How often it was seen.", EventsRows::count),
        new Column(
            "Name", "string", "name", Columns.name().description(), 1, Columns.name().cell()));
  }

  static String component(Tree object) {
    String component = object.textOrEmpty("source", "component");
    return component.isEmpty() ? object.textOrEmpty("reportingComponent") : component;
  }

  private static String involved(Tree object) {
    String kind = object.textOrEmpty("involvedObject", "kind").toLowerCase(Locale.ROOT);
    String name = object.textOrEmpty("involvedObject", "name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String source(Tree object) {
    String host = object.textOrEmpty("source", "host");
    if (host.isEmpty()) {
      host = object.textOrEmpty("reportingInstance");
    }
    return host.isEmpty() ? component(object) : component(object) + ", " + host;
  }

  private String firstSeen(Tree object) {
    String first = object.text("firstTimestamp");
    return ages.since(first == null ? object.text("eventTime") : first);
  }

  private String lastSeen(Tree object) {
    @Nullable String last = object.text("series", "lastObservedTime");
    if (last == null) {
      last = object.text("lastTimestamp");
    }
    return last == null ? firstSeen(object) : ages.since(last);
  }

  private static Object count(Tree object) {
    if (object.tree("series") != null) {
      return object.number(0, "series", "count");
    }
    long count = object.number(0, "count");
    return count == 0 ? 1L : count;
  }
}
