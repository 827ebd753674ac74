package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Security contexts of pods and containers. */
final class SecurityRules {
  private static final long HIGHEST_ID = Integer.MAX_VALUE;
  private static final int LONGEST_SYSCTL = 253;
  private static final Pattern SYSCTL =
      Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?");

  private SecurityRules() {}

  static void pod(Tree context, String path, Checks checks) {
    identities(context, path, checks);
    List<?> groups = context.list("supplementalGroups");
    for (int i = 0; i < groups.size(); i++) {
      identity(groups.get(i), path + ".supplementalGroups[" + i + "]", checks);
    }
    sysctls(context.trees("sysctls"), path + ".sysctls", checks);
  }

  private static void sysctls(List<Tree> sysctls, String path, Checks checks) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < sysctls.size(); i++) {
      String at = path + "[" + i + "].name";
      String name = sysctls.get(i).textOrEmpty("name");
      if (name.isEmpty()) {
        checks.required(at, "");
      } else if (name.length() > LONGEST_SYSCTL || !SYSCTL.matcher(name).matches()) {
        checks.invalid(
            at,
            name,
            "must have at most " + LONGEST_SYSCTL + " characters and match regex ^" + SYSCTL + "$");
      } else if (!names.add(name)) {
        checks.add(FieldError.duplicate(at, name));
      }
    }
  }

  static void container(Tree context, String path, Checks checks) {
    identities(context, path, checks);
    if (!Boolean.FALSE.equals(context.get("allowPrivilegeEscalation"))) {
      return;
    }
    String at = path + ".allowPrivilegeEscalation";
    if (context.flag("privileged")) {
      checks.invalid(
          path, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    }
    if (context.texts("capabilities", "add").contains("CAP_SYS_ADMIN")) {
      checks.invalid(
          at,
          false,
          "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
  }

  private static void identities(Tree context, String path, Checks checks) {
    for (String field : List.of("runAsUser", "runAsGroup", "fsGroup")) {
      identity(context.get(field), path + "." + field, checks);
    }
    profile(context.tree("seccompProfile"), path + ".seccompProfile", "seccomp", checks);
    profile(context.tree("appArmorProfile"), path + ".appArmorProfile", "AppArmor", checks);
  }

  private static void identity(
      @org.jspecify.annotations.Nullable Object id, String path, Checks checks) {
    if (id instanceof Long number && (number < 0 || number > HIGHEST_ID)) {
      checks.invalid(path, number, "must be between 0 and 2147483647, inclusive");
    }
  }

  private static void profile(
      @org.jspecify.annotations.Nullable Tree profile, String path, String word, Checks checks) {
    if (profile == null) {
      return;
    }
    String at = path + ".localhostProfile";
    String local = profile.textOrEmpty("localhostProfile");
    if (profile.textOrEmpty("type").equals("Localhost")) {
      if (local.isEmpty()) {
        checks.required(at, "must be set when " + word + " type is Localhost");
      } else if (local.startsWith("/") || List.of(local.split("/")).contains("..")) {
        checks.invalid(at, local, "must be a relative path");
      }
    } else if (!local.isEmpty()) {
      checks.invalid(at, local, "can only be set when " + word + " type is Localhost");
    }
  }
}
