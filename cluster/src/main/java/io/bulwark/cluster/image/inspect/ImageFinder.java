package io.bulwark.cluster.image.inspect;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.signature.SignedPayload;
import java.io.IOException;
import java.util.List;

/** Finds images where nodes would find them. Safe for concurrent use. */
public interface ImageFinder {
  /**
   * Says where an image is, without reading it.
   *
   * @param pullSecrets Secrets with registry credentials
   * @throws IOException if it is nowhere, or the registry cannot be reached or trusted
   */
  ImageSource find(String reference, List<Tree> pullSecrets) throws IOException;

  /**
   * What is signed about an image beside it in its registry: signatures or attestations in cosign's
   * older form, and all bundles.
   *
   * @param digest the image's, {@code sha256:...}
   * @throws IOException if the registry cannot be reached or trusted
   */
  List<SignedPayload> signed(
      String reference, String digest, boolean attestations, List<Tree> pullSecrets)
      throws IOException;
}
