package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.util.List;

/** Who asks for a certificate, and who says yes. */
final class CertificateRequests {
  private CertificateRequests() {}

  static boolean concerns(Kind kind) {
    return kind.resource()
        .groupResource()
        .equals(Resources.CERTIFICATE_SIGNING_REQUESTS.groupResource());
  }

  /** Writes the sender into a new request, whatever it claims. */
  static void stampRequestor(Kind kind, Tree object, Subject sender) {
    if (!concerns(kind)) {
      return;
    }
    Tree spec = object.child("spec");
    spec.put("username", sender.name());
    if (sender.uid().isEmpty()) {
      spec.remove("uid");
    } else {
      spec.put("uid", sender.uid());
    }
    spec.put("groups", new TreeList(sender.groups()));
    spec.remove("extra");
    if (!sender.extra().isEmpty()) {
      Tree extra = spec.child("extra");
      sender.extra().forEach((key, values) -> extra.put(key, new TreeList(values)));
    }
  }

  /** What an approval changes: the conditions, and metadata as every update does. */
  static Tree approve(Tree wanted, Tree live, String now) {
    Tree next = live.copy();
    next.put("metadata", wanted.treeOrEmpty("metadata").copy());
    next.set(conditions(wanted, live, now), "status", "conditions");
    return next;
  }

  private static TreeList conditions(Tree wanted, Tree live, String now) {
    TreeList conditions = new TreeList();
    for (Tree condition : wanted.trees("status", "conditions")) {
      Tree stamped = condition.copy();
      Tree before = find(live.trees("status", "conditions"), condition.textOrEmpty("type"));
      if (stamped.textOrEmpty("status").isEmpty()) {
        stamped.put("status", "True");
      }
      if (stamped.text("lastUpdateTime") == null) {
        stamped.put("lastUpdateTime", now);
      }
      if (stamped.text("lastTransitionTime") == null) {
        boolean same =
            before.text("lastTransitionTime") != null
                && before.textOrEmpty("status").equals(stamped.textOrEmpty("status"));
        stamped.put("lastTransitionTime", same ? before.text("lastTransitionTime") : now);
      }
      conditions.add(stamped);
    }
    return conditions;
  }

  private static Tree find(List<Tree> conditions, String type) {
    for (Tree condition : conditions) {
      if (condition.textOrEmpty("type").equals(type)) {
        return condition;
      }
    }
    return new Tree();
  }
}
