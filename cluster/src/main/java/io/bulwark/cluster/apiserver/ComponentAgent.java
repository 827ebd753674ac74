package io.bulwark.cluster.apiserver;

/**
 * How components call themselves in their requests: as upstream's programs that do the same work,
 * so that managed fields and the audit log name those whom people know.
 */
public final class ComponentAgent {
  private ComponentAgent() {}

  /**
   * The User-Agent of a component.
   *
   * @param user whom it authenticates as, such as {@code system:kube-scheduler}
   */
  public static String of(String user) {
    return program(user) + "/" + ApiServer.VERSION;
  }

  private static String program(String user) {
    if (user.startsWith("system:node:")) {
      return "kubelet";
    }
    if (user.startsWith("system:serviceaccount:kube-system:")) {
      return "kube-controller-manager";
    }
    return user.equals("system:apiserver") ? "kube-apiserver" : user.replaceFirst("^system:", "");
  }
}
