package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.client.EventRecorder;
import io.bulwark.cluster.node.image.ImagePuller;

/** Events about pods and their containers, in upstream's words. Thread-safe. */
public final class PodEvents {
  private final EventRecorder recorder;

  public PodEvents(EventRecorder recorder) {
    this.recorder = recorder;
  }

  public void normal(Tree pod, String reason, String message) {
    recorder.event(reference(pod), EventRecorder.NORMAL, reason, message);
  }

  public void warning(Tree pod, String reason, String message) {
    recorder.event(reference(pod), EventRecorder.WARNING, reason, message);
  }

  /** A narrator of one container of a pod. */
  public ImagePuller.Narrator of(Tree pod, String container) {
    String list = "containers";
    for (String other : new String[] {"initContainers", "ephemeralContainers"}) {
      if (pod.trees("spec", other).stream()
          .anyMatch(each -> each.textOrEmpty("name").equals(container))) {
        list = other;
      }
    }
    Tree reference = reference(pod);
    reference.put("fieldPath", "spec." + list + "{" + container + "}");
    return new ImagePuller.Narrator() {
      @Override
      public void normal(String reason, String message) {
        recorder.event(reference, EventRecorder.NORMAL, reason, message);
      }

      @Override
      public void warning(String reason, String message) {
        recorder.event(reference, EventRecorder.WARNING, reason, message);
      }
    };
  }

  private static Tree reference(Tree pod) {
    Tree reference = EventRecorder.reference(pod);
    reference.put("apiVersion", "v1");
    reference.put("kind", "Pod");
    return reference;
  }
}
