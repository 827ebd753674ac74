package io.bulwark.cluster.image.layer;

import java.io.IOException;

/** An image that lies, is damaged, or asks for more than the bounds allow. One clear sentence. */
public final class RefusedImage extends IOException {
  private static final long serialVersionUID = 1;

  public RefusedImage(String message) {
    super(message);
  }
}
