package io.bulwark.cluster.image.policy;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.build.Reference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images that a pod asks for. */
public final class PodImages {
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private static final String ARCHITECTURE = "kubernetes.io/arch";

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

  /**
   * Keeps a pod that is not bound yet to nodes of the architecture whose image was judged: the
   * digest that it is held to is of no use to others. A pod that asks for nodes of another one is
   * left as it is.
   */
  public static void place(Tree spec, String reference, KnownImage known) {
    if (!known.architecture().isEmpty()
        && !reference.contains("@")
        && spec.textOrEmpty("nodeSelector", ARCHITECTURE).isEmpty()) {
      spec.child("nodeSelector").put(ARCHITECTURE, known.architecture());
    }
  }

  /** Why a pod cannot run what was judged, or null. */
  public static @Nullable String misplaced(Tree pod, String reference, KnownImage known) {
    String asked = pod.treeOrEmpty("spec").textOrEmpty("nodeSelector", ARCHITECTURE);
    return known.architecture().isEmpty()
            || reference.contains("@")
            || asked.isEmpty()
            || asked.equals(known.architecture())
        ? null
        : "image \"%s\" was looked into for %s, and the pod asks for nodes of %s; name the digest of the image for %s"
            .formatted(reference, known.architecture(), asked, asked);
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
