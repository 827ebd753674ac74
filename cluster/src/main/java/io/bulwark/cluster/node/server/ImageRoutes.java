package io.bulwark.cluster.node.server;

import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.SinkOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a node's store holds, for those who judge images: {@code /images?name=NAME} answers the
 * digest that a name means, {@code /images/sha256:HEX} a content.
 */
final class ImageRoutes {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final ImageContents contents;

  ImageRoutes(ImageContents contents) {
    this.contents = contents;
  }

  Outgoing answer(Incoming incoming) {
    String digest = incoming.path().replaceFirst("^/images/?", "");
    try {
      if (digest.isEmpty()) {
        String name = incoming.parameter("name");
        String found = name == null ? null : contents.digest(name);
        return found == null ? absent() : text(200, found);
      }
      return DIGEST.matcher(digest).matches() ? content(digest) : absent();
    } catch (RuntimeFailure silent) {
      return text(500, "the container runtime does not answer\n");
    }
  }

  private Outgoing content(String digest) {
    try {
      InputStream in = contents.open(digest);
      byte[] first = in.readNBytes(1);
      return new Outgoing.Streaming(
          200,
          Map.of("content-type", "application/octet-stream"),
          SinkOutput.start(
              out -> {
                try (in) {
                  out.write(first);
                  in.transferTo(out);
                }
              },
              in));
    } catch (IOException missing) {
      return absent();
    }
  }

  private static Outgoing absent() {
    return text(404, "the store does not have it\n");
  }

  private static Outgoing text(int code, String words) {
    return Outgoing.Complete.of(
        code, "text/plain; charset=utf-8", words.getBytes(StandardCharsets.UTF_8));
  }
}
