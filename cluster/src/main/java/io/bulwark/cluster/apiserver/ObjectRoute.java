package io.bulwark.cluster.apiserver;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.kind.Subresource;
import io.bulwark.cluster.apiserver.read.Encoding;
import io.bulwark.cluster.apiserver.read.Reads;
import io.bulwark.cluster.apiserver.read.Responses;
import io.bulwark.cluster.apiserver.registry.Registry;
import io.bulwark.cluster.apiserver.registry.Reply;
import io.bulwark.cluster.apiserver.registry.Write;
import io.bulwark.cluster.apiserver.registry.WriteOptions;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.watch.Watches;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Objects: finds the row of the kind, then reads, watches or writes. */
final class ObjectRoute implements Route {
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private final Kinds kinds;
  private final Reads reads;
  private final Watches watches;
  private final Registry registry;
  private final List<Route> special;

  /**
   * @param special subresources and kinds that are no stored objects: streams, tokens, reviews
   */
  ObjectRoute(Kinds kinds, Reads reads, Watches watches, Registry registry, List<Route> special) {
    this.kinds = kinds;
    this.reads = reads;
    this.watches = watches;
    this.registry = registry;
    this.special = List.copyOf(special);
  }

  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    Kind kind = kinds.find(info.group(), info.version(), info.resource());
    if (kind == null) {
      return kinds.table().versions().stream()
              .anyMatch(v -> v.group().equals(info.group()) && v.version().equals(info.version()))
          ? refuse(new Failure.NoSuchPath())
          : null;
    }
    checkScope(kind, info);
    checkVerb(kind, info, request.incoming().method());
    if (!kind.deprecation().isEmpty()) {
      notes.warn(kind.deprecation());
    }
    for (Route route : special) {
      Outgoing answered = route.answer(request, info, notes);
      if (answered != null) {
        return answered;
      }
    }
    return switch (info.verb()) {
      case "get" -> get(request, info, kind);
      case "list" -> reads.list(request, kind);
      case "watch" -> watches.watch(request, kind);
      default -> write(request, info, kind, notes);
    };
  }

  private Outgoing get(Authorized request, RequestInfo info, Kind kind) {
    if (info.subresource().equals("scale")) {
      Encoding encoding = Encoding.negotiate(request.incoming());
      return shown(registry.scale(kind, info.namespace(), info.name()), encoding);
    }
    return reads.get(request, kind);
  }

  private Outgoing write(Authorized request, RequestInfo info, Kind kind, Notes notes) {
    Incoming incoming = request.incoming();
    Encoding encoding =
        info.verb().equals("deletecollection")
            ? Encoding.negotiateList(incoming)
            : Encoding.negotiate(incoming);
    WriteOptions options = WriteOptions.of(incoming, optionsKind(info.verb()));
    return shown(registry.write(new Write(request, info, kind, options, notes)), encoding);
  }

  private static Outgoing shown(Reply reply, Encoding encoding) {
    Kind shown = reply.kind();
    return shown == null
        ? Responses.tree(reply.status(), reply.object(), encoding)
        : Responses.object(reply.status(), reply.object(), shown, encoding);
  }

  private static String optionsKind(String verb) {
    return switch (verb) {
      case "create" -> "CreateOptions";
      case "update" -> "UpdateOptions";
      case "patch" -> "PatchOptions";
      default -> "DeleteOptions";
    };
  }

  private static void checkScope(Kind kind, RequestInfo info) {
    boolean namespaced = kind.resource().namespaced();
    boolean namespaces = kind.resource().resource().equals("namespaces");
    if (!namespaced && !namespaces && !info.namespace().isEmpty()) {
      refuse(new Failure.NoSuchPath());
    }
    boolean one = info.verb().equals("get") || !info.subresource().isEmpty();
    if (namespaced && info.namespace().isEmpty()) {
      if (one || (WRITES.contains(info.verb()) && !info.name().isEmpty())) {
        refuse(new Failure.NoSuchPath());
      }
      if (WRITES.contains(info.verb())) {
        throw RequestPath.methodNotAllowed();
      }
    }
  }

  private static void checkVerb(Kind kind, RequestInfo info, String method) {
    String verb = info.verb();
    if (info.subresource().isEmpty()) {
      if (!kind.verbs().contains(verb) || misplaced(info)) {
        throw RequestPath.methodNotAllowed();
      }
      return;
    }
    for (Subresource subresource : kind.subresources()) {
      if (subresource.name().equals(info.subresource())) {
        boolean passedOn = subresource.name().equals("proxy") && method.equals("OPTIONS");
        if (!subresource.verbs().contains(verb) && !passedOn) {
          throw RequestPath.methodNotAllowed();
        }
        return;
      }
    }
    refuse(new Failure.NoSuchPath());
  }

  /** A name where none belongs, or none where one does. */
  private static boolean misplaced(RequestInfo info) {
    return switch (info.verb()) {
      case "create" -> !info.name().isEmpty();
      case "update", "patch", "delete" -> info.name().isEmpty();
      default -> false;
    };
  }

  private static Outgoing refuse(Failure failure) {
    throw failure.rejected();
  }
}
