package io.bulwark.cluster.image.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A layer as an archive, whatever it is compressed with. */
final class StoredLayer implements ImageLayer {
  private final String digest;
  private final String contentDigest;
  private final long size;
  private final String createdBy;
  private final Opening opening;
  private final LayerBudget budget;

  /** Opens the stored form anew. */
  interface Opening {
    InputStream open() throws IOException;
  }

  /**
   * @param size of what is stored; negative where neither that nor the digest of what is stored is
   *     known, but only the content's
   */
  StoredLayer(
      String digest,
      String contentDigest,
      long size,
      String createdBy,
      Opening opening,
      LayerBudget budget) {
    this.digest = digest;
    this.contentDigest = contentDigest;
    this.size = size;
    this.createdBy = createdBy;
    this.opening = opening;
    this.budget = budget;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public String contentDigest() {
    return contentDigest;
  }

  @Override
  public long size() {
    return Math.max(0, size);
  }

  @Override
  public String createdBy() {
    return createdBy;
  }

  @Override
  public void read(LayerVisitor visitor) throws IOException {
    try (InputStream stored = opening.open()) {
      if (size < 0) {
        CountedStream counted = new CountedStream(stored);
        content(counted, counted, visitor);
      } else {
        VerifiedStream verified = new VerifiedStream(stored, digest, size);
        content(verified, verified, visitor);
        verified.finish();
      }
    } catch (RefusedImage refused) {
      throw new RefusedImage("layer " + digest + ": " + refused.getMessage());
    }
  }

  private void content(InputStream stored, CountedBytes compressed, LayerVisitor visitor)
      throws IOException {
    try (InputStream plain = Decompression.of(new KeptOpen(stored))) {
      BoundedContent bounded =
          new BoundedContent(plain, compressed::count, budget.bounds(), budget.next());
      VerifiedStream content = new VerifiedStream(bounded, contentDigest, -1);
      try {
        TarReader tar = new TarReader(content, budget.bounds().entries());
        for (var member = tar.next(); member != null; member = tar.next()) {
          visitor.visit(member.entry(), tar.content());
        }
        content.finish();
      } finally {
        budget.took(bounded.count());
      }
    }
  }

  /** What is left of the stored form is still to be verified when its content was read. */
  private static final class KeptOpen extends FilterInputStream {
    KeptOpen(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
