package io.bulwark.cluster.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.junit.jupiter.api.Test;

/** Settings that a node cannot keep, or must not grant, keep their pods out. */
class SecurityAdmissionTest {
  @Test
  void onlySafeKernelSettingsOfThePodsOwnNamespaces() {
    Tree unsafe = sysctl("kernel.msgmax");
    assertEquals(
        new Verdict("SysctlForbidden", "forbidden sysctl: \"kernel.msgmax\" not allowlisted"),
        SecurityAdmission.check(unsafe, true));
    Tree safe = sysctl("net/ipv4/tcp_syncookies");
    assertNull(SecurityAdmission.check(safe, true));
    safe.set(true, "spec", "hostNetwork");
    assertEquals(
        new Verdict(
            "SysctlForbidden",
            "forbidden sysctl: \"net.ipv4.tcp_syncookies\" not allowed with host net enabled"),
        SecurityAdmission.check(safe, true));
  }

  @Test
  void aStrictPolicyOfGroups() {
    Tree pod = secured("supplementalGroupsPolicy", "Merge");
    assertNull(SecurityAdmission.check(pod, true));
    assertEquals(
        new Verdict(
            "SupplementalGroupsPolicyNotSupported",
            "SupplementalGroupsPolicy=Strict is not supported in this node"),
        SecurityAdmission.check(secured("supplementalGroupsPolicy", "Strict"), true));
  }

  @Test
  void appArmorWhereTheKernelHasNone() {
    Tree pod = secured("appArmorProfile", Tree.of("type", "RuntimeDefault"));
    assertNull(SecurityAdmission.check(pod, true));
    Verdict refused =
        new Verdict("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host");
    assertEquals(refused, SecurityAdmission.check(pod, false));
    Tree none = secured("appArmorProfile", Tree.of("type", "Unconfined"));
    assertNull(SecurityAdmission.check(none, false));
    none.set(
        "localhost/x",
        "metadata",
        "annotations",
        "container.apparmor.security.beta.kubernetes.io/a");
    assertEquals(refused, SecurityAdmission.check(none, false));
  }

  private static Tree sysctl(String name) {
    return secured("sysctls", TreeList.of(Tree.of("name", name, "value", "1")));
  }

  private static Tree secured(String field, Object value) {
    Tree pod = Tree.of("metadata", Tree.of("name", "a"), "spec", new Tree());
    pod.set(value, "spec", "securityContext", field);
    return pod;
  }
}
