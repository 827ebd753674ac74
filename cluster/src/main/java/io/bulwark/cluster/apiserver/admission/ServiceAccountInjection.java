package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Every pod has a service account, its short-lived token and its pull secrets. */
final class ServiceAccountInjection implements Plugin {
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String VOLUME_PREFIX = "kube-api-access-";
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final long TOKEN_SECONDS = 3607;

  private final LiveObjects objects;

  ServiceAccountInjection(LiveObjects objects) {
    this.objects = objects;
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (!applies(request)) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    if (Meta.annotation(request.wanted(), MIRROR) != null) {
      if (!spec.textOrEmpty("serviceAccountName").isEmpty()) {
        throw request.forbidden("a mirror pod may not reference service accounts").rejected();
      }
      return;
    }
    if (spec.textOrEmpty("serviceAccountName").isEmpty()) {
      String deprecated = spec.textOrEmpty("serviceAccount");
      spec.put("serviceAccountName", deprecated.isEmpty() ? "default" : deprecated);
    }
    spec.put("serviceAccount", spec.textOrEmpty("serviceAccountName"));
    Tree account = account(request, spec);
    if (automount(spec, account)) {
      mountToken(spec);
    }
    if (spec.list("imagePullSecrets").isEmpty() && !account.list("imagePullSecrets").isEmpty()) {
      spec.put("imagePullSecrets", account.list("imagePullSecrets").copy());
    }
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (applies(request) && Meta.annotation(request.wanted(), MIRROR) == null) {
      account(request, request.wanted().treeOrEmpty("spec"));
    }
  }

  private static boolean applies(AdmissionRequest request) {
    return request.creates() && request.on("", "pods", "");
  }

  private Tree account(AdmissionRequest request, Tree spec) {
    String name = spec.textOrEmpty("serviceAccountName");
    @Nullable Tree account = objects.find(Resources.SERVICE_ACCOUNTS, request.namespace(), name);
    if (account == null) {
      throw request
          .forbidden(
              "error looking up service account "
                  + request.namespace()
                  + "/"
                  + name
                  + ": serviceaccount \""
                  + name
                  + "\" not found")
          .rejected();
    }
    return account;
  }

  private static boolean automount(Tree spec, Tree account) {
    if (spec.get("automountServiceAccountToken") instanceof Boolean wanted) {
      return wanted;
    }
    return !(account.get("automountServiceAccountToken") instanceof Boolean wanted) || wanted;
  }

  private static void mountToken(Tree spec) {
    String volume = null;
    for (Tree existing : spec.trees("volumes")) {
      if (existing.textOrEmpty("name").startsWith(VOLUME_PREFIX)) {
        volume = existing.textOrEmpty("name");
      }
    }
    boolean present = volume != null;
    String name = volume == null ? VOLUME_PREFIX + suffix() : volume;
    boolean mounted = false;
    for (String field : List.of("initContainers", "containers")) {
      for (Tree container : spec.trees(field)) {
        boolean covered =
            container.trees("volumeMounts").stream()
                .anyMatch(mount -> mount.textOrEmpty("mountPath").equals(MOUNT_PATH));
        if (!covered) {
          container
              .childList("volumeMounts")
              .add(Tree.of("mountPath", MOUNT_PATH, "name", name, "readOnly", true));
          mounted = true;
        }
      }
    }
    if (mounted && !present) {
      spec.childList("volumes").add(volume(name));
    }
  }

  private static Tree volume(String name) {
    Tree token =
        Tree.of(
            "serviceAccountToken", Tree.of("expirationSeconds", TOKEN_SECONDS, "path", "token"));
    Tree authority =
        Tree.of(
            "configMap",
            Tree.of(
                "items",
                TreeList.of(Tree.of("key", "ca.crt", "path", "ca.crt")),
                "name",
                "kube-root-ca.crt"));
    Tree namespace =
        Tree.of(
            "downwardAPI",
            Tree.of(
                "items",
                TreeList.of(
                    Tree.of(
                        "fieldRef",
                        Tree.of("apiVersion", "v1", "fieldPath", "metadata.namespace"),
                        "path",
                        "namespace"))));
    return Tree.of(
        "name",
        name,
        "projected",
        Tree.of("defaultMode", 420, "sources", TreeList.of(token, authority, namespace)));
  }

  private static String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(
          SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
    }
    return suffix.toString();
  }
}
