package io.bulwark.cluster.image.policy;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.Reference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The images that a pod asks for. */
public final class PodImages {
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private PodImages() {}

  /** With registry and tag or digest; names that are no image names are left out. */
  public static Set<String> of(Tree pod) {
    Set<String> references = new LinkedHashSet<>();
    for (Tree container : containers(pod)) {
      String reference = reference(container.textOrEmpty("image"));
      if (!reference.isEmpty()) {
        references.add(reference);
      }
    }
    return references;
  }

  /** Every container of a pod, in the order in which they start; not copies. */
  public static List<Tree> containers(Tree pod) {
    Tree spec = pod.treeOrEmpty("spec");
    return CONTAINERS.stream().flatMap(field -> spec.trees(field).stream()).toList();
  }

  /**
   * The same image by the digest that is known of it, so that what was judged is what runs; the
   * reference itself where it names a digest, or where the image has none.
   */
  public static String pinned(String reference, KnownImage known) {
    return known.digest().isEmpty() || reference.contains("@")
        ? reference
        : reference + "@" + known.digest();
  }

  /** With registry and tag or digest; empty if it is no image name. */
  public static String reference(String image) {
    try {
      return Reference.of(image).text();
    } catch (IllegalArgumentException malformed) {
      return "";
    }
  }

  /** Whether the pod runs, so that its node has the images. */
  public static boolean running(Tree pod) {
    return pod.textOrEmpty("status", "phase").equals("Running");
  }

  /** Whether the pod still runs or may come to run. */
  public static boolean live(Tree pod) {
    String phase = pod.textOrEmpty("status", "phase");
    return !phase.equals("Succeeded") && !phase.equals("Failed");
  }
}
