package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** GET and LIST of stored objects. Thread-safe; blocks only to wait for a future revision. */
public final class Reads {
  private static final String EXPIRED_TOKEN =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter, or use the continue token in this"
          + " response to retrieve the remainder of the results. Continuing with the provided"
          + " token results in an inconsistent list - objects that were created, modified, or"
          + " deleted between the time the first chunk was returned and now may show up in the"
          + " list.";

  private final Store store;
  private final Freshness freshness;

  public Reads(Store store) {
    this(store, Freshness.PATIENCE);
  }

  Reads(Store store, Duration patience) {
    this.store = store;
    this.freshness = new Freshness(store, patience);
  }

  /**
   * One object by namespace and name.
   *
   * @throws io.bulwark.api.failure.Rejected with 404, 406, 400 or 504
   */
  public Outgoing get(Authorized request, Kind kind) {
    Attributes attributes = request.attributes();
    Encoding encoding = Encoding.negotiate(request.incoming());
    String version = request.incoming().parameter("resourceVersion");
    freshness.await(ListOptions.revision(version == null ? "" : version));
    Entry entry = store.get(kind.key(attributes.namespace(), attributes.name()));
    if (entry == null) {
      throw new Failure.NotFound(kind.resource().groupResource(), attributes.name()).rejected();
    }
    return Responses.object(200, entry, kind, encoding);
  }

  /**
   * The objects of a kind, in all namespaces where the request names none.
   *
   * @throws io.bulwark.api.failure.Rejected with 400, 406, 410, 422 or 504
   */
  public Outgoing list(Authorized request, Kind kind) {
    Incoming incoming = request.incoming();
    Encoding encoding = Encoding.negotiateList(incoming);
    ListOptions options = ListOptions.parse(incoming, kind, false);
    String prefix = prefix(request.attributes(), kind);
    Page page;
    if (!options.next().isEmpty()) {
      page = next(prefix, options);
    } else {
      freshness.await(options.revision());
      long revision = exact(options) ? options.revision() : 0;
      try {
        page = page(prefix, "", revision, options);
      } catch (Store.Compacted compacted) {
        throw new Failure.Expired("The resourceVersion for the provided list is too old.", "")
            .rejected();
      }
    }
    return Responses.list(page.metadata, page.entries, kind, encoding);
  }

  /** All keys of a kind, or those of the namespace that a request names. */
  public static String prefix(Attributes attributes, Kind kind) {
    return kind.resource().namespaced() && !attributes.namespace().isEmpty()
        ? kind.storagePrefix() + attributes.namespace() + "/"
        : kind.storagePrefix();
  }

  private static boolean exact(ListOptions options) {
    return options.match() == ListOptions.Match.EXACT
        || (options.match() == ListOptions.Match.UNSET && options.limit() > 0);
  }

  private record Page(List<Entry> entries, ListMeta metadata) {}

  private Page next(String prefix, ListOptions options) {
    if (options.revision() != 0) {
      throw new Failure.BadRequest("specifying resource version is not allowed when using continue")
          .rejected();
    }
    ContinueToken token = ContinueToken.decode(options.next());
    long revision = Math.max(0, token.revision());
    freshness.await(revision);
    try {
      return page(prefix, prefix + token.after(), revision, options);
    } catch (Store.Compacted compacted) {
      throw new Failure.Expired(EXPIRED_TOKEN, token.inconsistent().encode()).rejected();
    }
  }

  private Page page(String prefix, String after, long revision, ListOptions options)
      throws Store.Compacted {
    Selection selection = options.selection();
    int limit =
        options.anyVersion() && options.next().isEmpty()
            ? 0
            : (int) Math.clamp(options.limit(), 0, Integer.MAX_VALUE);
    String only = only(prefix, selection);
    if (only != null) {
      return single(only, revision, selection);
    }
    Store.Range range = store.range(prefix, after, revision, limit);
    List<Entry> found = matching(range.entries(), selection);
    while (limit > 0 && found.size() < limit && range.more()) {
      String last = range.entries().getLast().key();
      range = store.range(prefix, last, range.revision(), Math.max(limit, 500));
      for (Entry entry : matching(range.entries(), selection)) {
        if (found.size() == limit) {
          return cut(prefix, found, range.revision(), null);
        }
        found.add(entry);
      }
    }
    if (!range.more()) {
      return new Page(found, new ListMeta(range.revision(), "", null));
    }
    return cut(prefix, found, range.revision(), selection.everything() ? range.remaining() : null);
  }

  private static Page cut(
      String prefix, List<Entry> found, long revision, @Nullable Long remaining) {
    String last = found.getLast().key().substring(prefix.length());
    return new Page(
        found, new ListMeta(revision, new ContinueToken(revision, last).encode(), remaining));
  }

  private static List<Entry> matching(List<Entry> entries, Selection selection) {
    if (selection.everything()) {
      return entries;
    }
    List<Entry> matching = new ArrayList<>();
    for (Entry entry : entries) {
      if (selection.matches(entry)) {
        matching.add(entry);
      }
    }
    return matching;
  }

  /** The only key that can match, or null where there may be several. */
  private static @Nullable String only(String prefix, Selection selection) {
    String name = selection.onlyName();
    boolean oneNamespace =
        !selection.kind().resource().namespaced()
            || !prefix.equals(selection.kind().storagePrefix());
    return name == null || name.isEmpty() || !oneNamespace ? null : prefix + name;
  }

  private Page single(String key, long revision, Selection selection) throws Store.Compacted {
    Store.Range range = store.range(key, "", revision, 1);
    List<Entry> found = new ArrayList<>(range.entries());
    found.removeIf(entry -> !entry.key().equals(key) || !selection.matches(entry));
    return new Page(found, new ListMeta(range.revision(), "", null));
  }
}
