package io.bulwark.cluster.image.inspect;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into images for the controller. Safe for concurrent use. */
public interface ImageInspector {
  /**
   * Reads and judges an image. Blocks, for minutes with a large image; layers that were read before
   * are not read again.
   *
   * @param reference with registry and tag or digest
   * @param pullSecrets Secrets with registry credentials; not to be changed
   * @param signatures those that policies ask of the image
   * @param index digest of an index through which the image was found before; null if none is
   *     known. What is signed may be the index
   * @throws IOException if the image cannot be found, read or trusted; the message goes to the
   *     pod's owner and holds no credentials
   */
  Inspection inspect(
      String reference,
      List<Tree> pullSecrets,
      List<PolicyRules.Signature> signatures,
      @Nullable String index)
      throws IOException;

  /** What the vulnerability data of now says of software that was read before. */
  List<Finding> judge(Inventory inventory);

  /**
   * Changes when what {@link #inspect} says of an unchanged image may have changed; empty without
   * data.
   */
  String dataVersion();
}
