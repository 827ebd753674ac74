package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;

/** Events of both groups: an event is in the namespace of what it is about. */
final class EventRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    String field = object.containsKey("regarding") ? "regarding" : "involvedObject";
    String about = object.textOrEmpty(field, "namespace");
    String namespace = Meta.namespace(object);
    boolean matches = about.isEmpty() ? namespace.equals("default") : about.equals(namespace);
    if (!matches && !(about.isEmpty() && namespace.equals("kube-system"))) {
      checks.invalid("involvedObject.namespace", about, "does not match event.namespace");
    }
  }
}
