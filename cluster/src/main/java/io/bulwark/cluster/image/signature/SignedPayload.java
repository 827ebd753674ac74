package io.bulwark.cluster.image.signature;

import org.jspecify.annotations.Nullable;

/**
 * Something signed, as a registry keeps it: a layer of the image with the tag {@code
 * sha256-....sig} or {@code sha256-....att} and the annotations of that layer, or a Sigstore bundle
 * that refers to the image. Everything in it is untrusted. Immutable, if nobody changes the bytes.
 */
public final class SignedPayload {
  private final byte[] content;
  private final boolean bundle;
  private final String signature;
  private final @Nullable String certificate;
  private final @Nullable String chain;
  private final @Nullable String logEntry;
  private final @Nullable String timeStamp;

  /**
   * @param content the layer's bytes, kept without a copy
   * @param signature base64, from {@code dev.cosignproject.cosign/signature}; empty for
   *     attestations, which carry theirs inside
   * @param certificate PEM, from {@code dev.sigstore.cosign/certificate}; null if signed by key
   * @param chain PEM, from {@code dev.sigstore.cosign/chain}
   * @param logEntry JSON, from {@code dev.sigstore.cosign/bundle}
   */
  public SignedPayload(
      byte[] content,
      String signature,
      @Nullable String certificate,
      @Nullable String chain,
      @Nullable String logEntry) {
    this(content, signature, certificate, chain, logEntry, null);
  }

  /**
   * One with a time stamp.
   *
   * @param timeStamp JSON, from {@code dev.sigstore.cosign/rfc3161timestamp}
   */
  public SignedPayload(
      byte[] content,
      String signature,
      @Nullable String certificate,
      @Nullable String chain,
      @Nullable String logEntry,
      @Nullable String timeStamp) {
    this(content, false, signature, certificate, chain, logEntry, timeStamp);
  }

  private SignedPayload(
      byte[] content,
      boolean bundle,
      String signature,
      @Nullable String certificate,
      @Nullable String chain,
      @Nullable String logEntry,
      @Nullable String timeStamp) {
    this.content = content;
    this.bundle = bundle;
    this.signature = signature;
    this.certificate = certificate;
    this.chain = chain;
    this.logEntry = logEntry;
    this.timeStamp = timeStamp;
  }

  /**
   * A Sigstore bundle, versions 0.1 to 0.3.
   *
   * @param content JSON, kept without a copy
   */
  public static SignedPayload bundle(byte[] content) {
    return new SignedPayload(content, true, "", null, null, null, null);
  }

  byte[] content() {
    return content;
  }

  /** Whether everything stands in the content itself. */
  boolean bundled() {
    return bundle;
  }

  String signature() {
    return signature;
  }

  @Nullable String certificate() {
    return certificate;
  }

  @Nullable String chain() {
    return chain;
  }

  @Nullable String logEntry() {
    return logEntry;
  }

  @Nullable String timeStamp() {
    return timeStamp;
  }
}
