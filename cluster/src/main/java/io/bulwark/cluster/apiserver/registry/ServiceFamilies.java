package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The address families of a Service in a cluster that has IPv4 only. */
final class ServiceFamilies {
  private ServiceFamilies() {}

  static void fill(Tree service, @Nullable Tree live) {
    Tree spec = service.child("spec");
    if (spec.textOrEmpty("type").equals("ExternalName")) {
      if (live == null || !live.textOrEmpty("spec", "type").equals("ExternalName")) {
        spec.remove("ipFamilies");
        spec.remove("ipFamilyPolicy");
      }
      return;
    }
    align(spec);
    boolean headless = spec.textOrEmpty("clusterIP").equals("None");
    if (headless && spec.treeOrEmpty("selector").isEmpty()) {
      bothFamilies(spec);
      return;
    }
    String policy = spec.textOrEmpty("ipFamilyPolicy");
    if (policy.equals("RequireDualStack")) {
      throw invalid(
          service,
          FieldError.invalid(
              "spec.ipFamilyPolicy",
              policy,
              "this cluster is not configured for dual-stack services"));
    }
    List<String> families = spec.texts("ipFamilies");
    for (int i = 0; i < families.size(); i++) {
      if (families.get(i).equals("IPv6")) {
        throw invalid(
            service,
            FieldError.invalid(
                "spec.ipFamilies[" + i + "]", "IPv6", "not configured on this cluster"));
      }
    }
    if (policy.isEmpty()) {
      spec.put("ipFamilyPolicy", "SingleStack");
    }
    if (families.isEmpty()) {
      spec.put("ipFamilies", TreeList.of("IPv4"));
    }
  }

  /** Makes clusterIP and clusterIPs say the same. */
  private static void align(Tree spec) {
    String first = spec.textOrEmpty("clusterIP");
    if (first.isEmpty()) {
      spec.remove("clusterIPs");
    } else if (spec.texts("clusterIPs").isEmpty()) {
      spec.put("clusterIPs", TreeList.of(first));
    }
  }

  private static void bothFamilies(Tree spec) {
    if (spec.textOrEmpty("ipFamilyPolicy").isEmpty()) {
      spec.put("ipFamilyPolicy", "RequireDualStack");
    }
    List<String> families = spec.texts("ipFamilies");
    if (families.isEmpty()) {
      families = List.of("IPv4");
    }
    TreeList all = new TreeList(families);
    if (all.size() == 1 && !spec.textOrEmpty("ipFamilyPolicy").equals("SingleStack")) {
      all.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
    }
    spec.put("ipFamilies", all);
  }

  private static RuntimeException invalid(Tree service, FieldError error) {
    return new Failure.Invalid(new GroupKind("", "Service"), Meta.name(service), List.of(error))
        .rejected();
  }
}
