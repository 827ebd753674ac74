package io.bulwark.cluster.node.image;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RuntimeContent;
import io.bulwark.cluster.node.runtime.RuntimeImages;
import io.bulwark.cluster.platform.Sha256;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds images that are asked for by tag and digest and that no registry gave: an archive leaves a
 * tag only. What the tag means counts only if it is the content with that digest. Thread-safe.
 */
public final class PinnedImages {
  private static final int LARGEST = 8 << 20;

  private final RuntimeImages images;
  private final RuntimeContent content;

  public PinnedImages(RuntimeImages images, RuntimeContent content) {
    this.images = images;
    this.content = content;
  }

  /**
   * The image, or null where the store has none of that name with that digest.
   *
   * @param reference in full, with tag and digest
   */
  @Nullable ImageState find(String reference) {
    int at = reference.indexOf('@');
    String name = at < 0 ? "" : reference.substring(0, at);
    if (name.lastIndexOf(':') <= name.lastIndexOf('/')) {
      return null;
    }
    ImageState named = images.find(name);
    String digest = reference.substring(at + 1);
    return named != null && means(name, named, digest) ? named : null;
  }

  private boolean means(String name, ImageState named, String digest) {
    try (InputStream in = content.open(digest)) {
      byte[] manifest = in.readNBytes(LARGEST);
      if (!digest.equals("sha256:" + Sha256.hex(manifest))) {
        return false;
      }
      Tree document = Json.read(manifest);
      if (document.has("manifests")) {
        RuntimeContent.Meaning meaning = content.find(name);
        return meaning != null && meaning.digest().equals(digest);
      }
      return document.textOrEmpty("config", "digest").equals(named.id());
    } catch (IOException absent) {
      return false;
    } catch (RuntimeException malformed) {
      return false;
    }
  }
}
