package io.bulwark.cluster.controller.image;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.Reference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The images that a pod asks for. */
final class PodImages {
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private PodImages() {}

  /** With registry and tag or digest; names that are no image names are left out. */
  static Set<String> of(Tree pod) {
    Set<String> references = new LinkedHashSet<>();
    for (String field : CONTAINERS) {
      for (Tree container : pod.treeOrEmpty("spec").trees(field)) {
        String reference = reference(container.textOrEmpty("image"));
        if (!reference.isEmpty()) {
          references.add(reference);
        }
      }
    }
    return references;
  }

  /** With registry and tag or digest; empty if it is no image name. */
  static String reference(String image) {
    try {
      return Reference.of(image).text();
    } catch (IllegalArgumentException malformed) {
      return "";
    }
  }

  /** Whether the pod runs, so that its node has the images. */
  static boolean running(Tree pod) {
    return pod.textOrEmpty("status", "phase").equals("Running");
  }

  /** Whether the pod still runs or may come to run. */
  static boolean live(Tree pod) {
    String phase = pod.textOrEmpty("status", "phase");
    return !phase.equals("Succeeded") && !phase.equals("Failed");
  }
}
