package io.bulwark.cluster.image.layer;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;

/** JSON documents of images, bounded and verified. */
final class Documents {
  private Documents() {}

  static Tree read(Blobs blobs, Descriptor descriptor, Bounds bounds) throws IOException {
    return parse(bytes(blobs, descriptor, bounds), descriptor.digest());
  }

  static byte[] bytes(Blobs blobs, Descriptor descriptor, Bounds bounds) throws IOException {
    if (descriptor.size() > bounds.documentBytes()) {
      throw tooLarge(descriptor.digest(), bounds);
    }
    try (VerifiedStream in =
        new VerifiedStream(blobs.open(descriptor), descriptor.digest(), descriptor.size())) {
      byte[] bytes = in.readNBytes(bounds.documentBytes() + 1);
      if (bytes.length > bounds.documentBytes()) {
        throw tooLarge(descriptor.digest(), bounds);
      }
      in.finish();
      return bytes;
    }
  }

  static Tree read(InputStream in, String name, Bounds bounds) throws IOException {
    byte[] bytes = in.readNBytes(bounds.documentBytes() + 1);
    if (bytes.length > bounds.documentBytes()) {
      throw tooLarge(name, bounds);
    }
    return parse(bytes, name);
  }

  private static Tree parse(byte[] bytes, String name) throws RefusedImage {
    try {
      return Json.read(bytes);
    } catch (RuntimeException malformed) {
      throw new RefusedImage(name + " is no JSON object");
    }
  }

  private static RefusedImage tooLarge(String name, Bounds bounds) {
    return new RefusedImage(name + " is larger than " + bounds.documentBytes() + " bytes");
  }
}
