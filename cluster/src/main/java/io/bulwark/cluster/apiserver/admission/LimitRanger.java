package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import io.bulwark.cluster.quota.PodTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Containers get the requests and limits that their namespace has for those who state none; what is
 * outside of the namespace's bounds is refused.
 *
 * <p>Source: kubernetes plugin/pkg/admission/limitranger.
 */
final class LimitRanger implements Plugin {
  private static final String NOTE = "kubernetes.io/limit-ranger";

  private final LiveObjects objects;

  LimitRanger(LiveObjects objects) {
    this.objects = objects;
  }

  private static boolean newPod(AdmissionRequest request) {
    return request.creates() && request.on("", "pods", "");
  }

  private static boolean concerns(AdmissionRequest request) {
    boolean changes = request.creates() || request.updates();
    boolean resized = request.updates() && request.on("", "pods", "resize");
    boolean claim = changes && request.on("", "persistentvolumeclaims", "");
    boolean leaving = request.updates() && Meta.terminating(request.stored());
    return !leaving && (newPod(request) || resized || claim);
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (!newPod(request)) {
      return;
    }
    Tree pod = request.wanted();
    for (Tree range : objects.list(Resources.LIMIT_RANGES, request.namespace())) {
      List<String> set = new ArrayList<>();
      for (Tree limit : range.trees("spec", "limits")) {
        if (limit.textOrEmpty("type").equals("Container")) {
          fill(pod, limit, set);
        }
      }
      if (!set.isEmpty()) {
        pod.set(
            "LimitRanger plugin set: " + String.join("; ", set), "metadata", "annotations", NOTE);
      }
    }
  }

  private static void fill(Tree pod, Tree limit, List<String> set) {
    for (Tree container : pod.trees("spec", "containers")) {
      fill(container, "container", limit, set);
    }
    for (Tree container : pod.trees("spec", "initContainers")) {
      fill(container, "init container", limit, set);
    }
  }

  private static void fill(Tree container, String what, Tree limit, List<String> set) {
    String name = " for " + what + " " + container.textOrEmpty("name");
    List<String> requests = absent(container, "requests", limit.treeOrEmpty("defaultRequest"));
    if (!requests.isEmpty()) {
      set.add(String.join(", ", requests) + " request" + name);
    }
    List<String> limits = absent(container, "limits", limit.treeOrEmpty("default"));
    if (!limits.isEmpty()) {
      set.add(String.join(", ", limits) + " limit" + name);
    }
  }

  /** Puts what a container does not state, and says what that was. */
  private static List<String> absent(Tree container, String part, Tree defaults) {
    List<String> added = new ArrayList<>();
    defaults.forEach(
        (resource, quantity) -> {
          if (!container.has("resources", part, resource)) {
            container.child("resources", part).put(resource, quantity);
            added.add(resource);
          }
        });
    return added;
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (!concerns(request)) {
      return;
    }
    for (Tree range : objects.list(Resources.LIMIT_RANGES, request.namespace())) {
      List<String> problems = problems(request, range);
      if (problems.size() == 1) {
        throw request.forbidden(problems.getFirst()).rejected();
      }
      if (!problems.isEmpty()) {
        throw request.forbidden("[" + String.join(", ", problems) + "]").rejected();
      }
    }
  }

  private static List<String> problems(AdmissionRequest request, Tree range) {
    List<String> problems = new ArrayList<>();
    Tree object = request.wanted();
    boolean pod = request.kind().resource().resource().equals("pods");
    for (Tree limit : range.trees("spec", "limits")) {
      String type = limit.textOrEmpty("type");
      if (!pod && type.equals("PersistentVolumeClaim")) {
        new Bounds(type, amounts(object, "spec", "resources", "requests"), null)
            .check(limit, problems);
      } else if (pod && type.equals("Container")) {
        for (String list : List.of("containers", "initContainers")) {
          for (Tree container : object.trees("spec", list)) {
            new Bounds(
                    type,
                    amounts(container, "resources", "requests"),
                    amounts(container, "resources", "limits"))
                .check(limit, problems);
          }
        }
      } else if (pod && type.equals("Pod")) {
        new Bounds(type, PodTotals.requests(object), PodTotals.limits(object))
            .check(limit, problems);
      }
    }
    return problems.stream().distinct().toList();
  }

  private static Map<String, Quantity> amounts(Tree object, String... path) {
    Map<String, Quantity> amounts = new TreeMap<>();
    object.treeOrEmpty(path).forEach((name, value) -> amounts.put(name, Quantity.of(value)));
    return amounts;
  }

  /**
   * One thing that is bounded.
   *
   * @param limits null for what has requests only
   */
  private record Bounds(
      String type, Map<String, Quantity> requests, @Nullable Map<String, Quantity> limits) {
    void check(Tree limit, List<String> problems) {
      limit.treeOrEmpty("min").forEach((name, bound) -> least(name, Quantity.of(bound), problems));
      limit.treeOrEmpty("max").forEach((name, bound) -> most(name, Quantity.of(bound), problems));
      if (limits != null) {
        limit
            .treeOrEmpty("maxLimitRequestRatio")
            .forEach((name, bound) -> ratio(name, Quantity.of(bound), limits, problems));
      }
    }

    private void least(String name, Quantity bound, List<String> problems) {
      Quantity request = requests.get(name);
      Quantity limit = limits == null ? null : limits.get(name);
      String rule = "minimum " + name + " usage per " + type + " is " + bound;
      if (request == null) {
        problems.add(rule + ".  No request is specified");
      } else if (request.compareTo(bound) < 0) {
        problems.add(rule + ", but request is " + request);
      } else if (limit != null && limit.compareTo(bound) < 0) {
        problems.add(rule + ", but limit is " + limit);
      }
    }

    private void most(String name, Quantity bound, List<String> problems) {
      Quantity request = requests.get(name);
      String rule = "maximum " + name + " usage per " + type + " is " + bound;
      if (limits != null) {
        Quantity limit = limits.get(name);
        if (limit == null) {
          problems.add(rule + ".  No limit is specified");
          return;
        }
        if (limit.compareTo(bound) > 0) {
          problems.add(rule + ", but limit is " + limit);
          return;
        }
      } else if (request == null) {
        problems.add(rule + ".  No request is specified");
      }
      if (request != null && request.compareTo(bound) > 0) {
        problems.add(rule + ", but request is " + request);
      }
    }

    private void ratio(
        String name, Quantity bound, Map<String, Quantity> limits, List<String> problems) {
      Quantity request = requests.get(name);
      Quantity limit = limits.get(name);
      String rule = name + " max limit to request ratio per " + type + " is " + bound;
      if (request == null || request.isZero()) {
        problems.add(rule + ", but no request is specified or request is 0");
      } else if (limit == null || limit.isZero()) {
        problems.add(rule + ", but no limit is specified or limit is 0");
      } else {
        double provided = limit.amount().doubleValue() / request.amount().doubleValue();
        if (provided > bound.amount().doubleValue()) {
          problems.add(rule + ", but provided ratio is " + String.format("%f", provided));
        }
      }
    }
  }
}
