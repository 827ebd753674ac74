package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * A query parameter of an operation.
 *
 * @param type of JSON
 */
record QueryParameters(String name, String type, String description) {
  static final QueryParameters PRETTY =
      of("pretty", "string", "If 'true', the output is indented.");
  static final QueryParameters FORCE =
      of("force", "boolean", "Whether an apply request takes over fields that others own.");
  private static final QueryParameters DRY_RUN =
      of("dryRun", "string", "'All' goes through all stages but stores nothing.");
  static final List<QueryParameters> WRITE =
      List.of(
          DRY_RUN,
          of("fieldManager", "string", "Who changes the object; at most 128 characters."),
          of(
              "fieldValidation",
              "string",
              "What becomes of unknown and duplicate fields: Ignore, Warn or Strict."));
  static final List<QueryParameters> DELETE =
      List.of(
          DRY_RUN,
          of("gracePeriodSeconds", "integer", "Seconds until deletion; zero is at once."),
          of("orphanDependents", "boolean", "Deprecated: use propagationPolicy."),
          of("propagationPolicy", "string", "Orphan, Background or Foreground."),
          of(
              "ignoreStoreReadErrorWithClusterBreakingPotential",
              "boolean",
              "Whether an object that cannot be decoded is deleted all the same."));
  static final List<QueryParameters> LIST =
      List.of(
          of("allowWatchBookmarks", "boolean", "Whether a watch sends bookmarks."),
          of("continue", "string", "The token of the page before."),
          of("fieldSelector", "string", "Picks objects by fields."),
          of("labelSelector", "string", "Picks objects by labels."),
          of("limit", "integer", "The largest number of objects in the response."),
          of("resourceVersion", "string", "How fresh the answer must be."),
          of("resourceVersionMatch", "string", "How resourceVersion is applied."),
          of("sendInitialEvents", "boolean", "Whether a watch begins with what is there."),
          of("timeoutSeconds", "integer", "How long the call may last."),
          of("watch", "boolean", "Whether to go on with the changes."));

  private static QueryParameters of(String name, String type, String description) {
    return new QueryParameters(name, type, description);
  }

  Tree tree(Dialect dialect) {
    Tree tree = Tree.of("description", description, "in", "query", "name", name);
    type(tree, dialect, type);
    return tree;
  }

  static void type(Tree parameter, Dialect dialect, String type) {
    Tree into = dialect == Dialect.V2 ? parameter : parameter.child("schema");
    into.put("type", type);
    into.put("uniqueItems", true);
  }
}
