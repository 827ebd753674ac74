package io.bulwark.cluster.image.signature;

import org.jspecify.annotations.Nullable;

/**
 * Something signed, as a registry keeps it: a layer of the image with the tag {@code
 * sha256-....sig} or {@code sha256-....att}, and the annotations of that layer. Everything in it is
 * untrusted.
 *
 * @param content the layer's bytes; not to be changed
 * @param signature base64, from {@code dev.cosignproject.cosign/signature}; empty for attestations,
 *     which carry theirs inside
 * @param certificate PEM, from {@code dev.sigstore.cosign/certificate}; null if signed by key
 * @param chain PEM, from {@code dev.sigstore.cosign/chain}
 * @param logEntry JSON, from {@code dev.sigstore.cosign/bundle}
 */
@SuppressWarnings("ArrayRecordComponent")
public record SignedPayload(
    byte[] content,
    String signature,
    @Nullable String certificate,
    @Nullable String chain,
    @Nullable String logEntry) {}
