package io.bulwark.cluster.image.signature;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The transparency log's word for when it saw a signature.
 *
 * <p>Source: the bundle that cosign writes beside a signature; the signed entry timestamp covers
 * the payload as JSON with sorted keys.
 */
final class LogEntry {
  private LogEntry() {}

  /**
   * When the log took in this signature of these bytes.
   *
   * @throws SignatureRefused if the log did not sign that
   */
  static Instant seen(@Nullable String entry, String logKey, byte[] content, String signature)
      throws SignatureRefused {
    if (entry == null) {
      throw new SignatureRefused("the signature is in no transparency log");
    }
    Tree bundle = json(entry.getBytes(StandardCharsets.UTF_8));
    Tree payload = bundle.treeOrEmpty("Payload");
    byte[] promise =
        PublicKeys.base64(bundle.textOrEmpty("SignedEntryTimestamp"), "the log's signature");
    Tree covered =
        Tree.of(
            "body", payload.textOrEmpty("body"),
            "integratedTime", payload.number(0, "integratedTime"),
            "logIndex", payload.number(0, "logIndex"),
            "logID", payload.textOrEmpty("logID"));
    if (!PublicKeys.verifies(PublicKeys.key(logKey), Json.write(covered), promise)) {
      throw new SignatureRefused("the transparency log did not sign its entry");
    }
    Tree body = json(PublicKeys.base64(payload.textOrEmpty("body"), "the log's entry"));
    String logged = body.textOrEmpty("spec", "signature", "content");
    String hash = body.textOrEmpty("spec", "data", "hash", "value");
    if (!logged.equals(signature) || !hash.equals(Sha256.hex(content))) {
      throw new SignatureRefused("the transparency log's entry is of another signature");
    }
    return Instant.ofEpochSecond(payload.number(0, "integratedTime"));
  }

  static Tree json(byte[] text) throws SignatureRefused {
    try {
      return Json.read(text);
    } catch (RuntimeException broken) {
      throw new SignatureRefused("what is signed is not JSON");
    }
  }
}
