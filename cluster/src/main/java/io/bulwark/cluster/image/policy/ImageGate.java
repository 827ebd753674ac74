package io.bulwark.cluster.image.policy;

import io.bulwark.api.tree.Tree;

/** The scheduling gate that holds a pod until its images are known. */
public final class ImageGate {
  /** The gate's name. */
  public static final String NAME = "image.bulwark.io/unknown";

  /** The controller that looks into images, by its service account. */
  public static final String CONTROLLER = "image-controller";

  /** The only user that may take the gate away. */
  public static final String KEEPER = "system:serviceaccount:kube-system:" + CONTROLLER;

  private ImageGate() {}

  /** Whether a pod carries the gate. */
  public static boolean on(Tree pod) {
    return pod.treeOrEmpty("spec").trees("schedulingGates").stream()
        .anyMatch(gate -> gate.textOrEmpty("name").equals(NAME));
  }
}
