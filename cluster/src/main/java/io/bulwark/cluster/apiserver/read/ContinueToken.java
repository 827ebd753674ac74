package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a paged list goes on.
 *
 * <p>Source: the encoding of apiserver's storage.EncodeContinue, which clients keep opaque.
 *
 * @param revision of the snapshot; negative for whatever is newest
 * @param after the last key that was sent, without the prefix of the list
 */
record ContinueToken(long revision, String after) {
  private static final String VERSION = "meta.k8s.io/v1";
  private static final String INVALID = "invalid continue token: continue key is not valid";

  /** A token that goes on at whatever is newest. */
  ContinueToken inconsistent() {
    return new ContinueToken(-1, after);
  }

  String encode() {
    Tree token = Tree.of("v", VERSION, "rv", revision, "start", after + "\u0000");
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(token));
  }

  static ContinueToken decode(String token) {
    Tree tree;
    try {
      tree = Json.read(Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | MalformedBody malformed) {
      throw refused(": " + malformed.getMessage());
    }
    String version = tree.textOrEmpty("v");
    if (!version.equals(VERSION)) {
      throw refused(": server does not recognize this encoded version " + version);
    }
    long revision = tree.number(0, "rv");
    if (revision == 0) {
      throw refused(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
    }
    String start = tree.textOrEmpty("start");
    if (start.isEmpty()) {
      throw refused(": encoded start key empty (version meta.k8s.io/v1)");
    }
    if (("/" + start + "/").contains("/../") || start.contains("//") || start.startsWith("/")) {
      throw refused(": " + start);
    }
    return new ContinueToken(
        revision, start.endsWith("\u0000") ? start.substring(0, start.length() - 1) : start);
  }

  private static RuntimeException refused(String why) {
    return new Failure.BadRequest(INVALID + why).rejected();
  }
}
