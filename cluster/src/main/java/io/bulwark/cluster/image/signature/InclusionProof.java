package io.bulwark.cluster.image.signature;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an entry is in a transparency log: the way from it to the root of the tree, and the root that
 * the log signed. Untrusted until {@link #verify}.
 *
 * <p>Source: RFC 6962, section 2.1.1; C2SP's tlog-checkpoint and signed-note.
 *
 * @param checkpoint the log's signed note
 */
record InclusionProof(long index, long size, byte[] root, List<byte[]> hashes, String checkpoint) {
  private static final int MOST_HASHES = 64;
  private static final int MOST_SIGNATURES = 20;
  private static final int LONGEST_CHECKPOINT = 1 << 16;
  private static final String MARK = "\u2014 ";

  /** As a Sigstore bundle holds it; null where it holds none that the log signed. */
  static @Nullable InclusionProof of(Tree entry) throws SignatureRefused {
    Tree proof = entry.tree("inclusionProof");
    String checkpoint = entry.textOrEmpty("inclusionProof", "checkpoint", "envelope");
    if (proof == null || checkpoint.isEmpty()) {
      return null;
    }
    List<byte[]> hashes = new ArrayList<>();
    for (String hash : proof.texts("hashes")) {
      hashes.add(PublicKeys.base64(hash, "a hash of the transparency log"));
    }
    if (hashes.size() > MOST_HASHES || checkpoint.length() > LONGEST_CHECKPOINT) {
      throw new SignatureRefused("the transparency log's proof is too long");
    }
    return new InclusionProof(
        LogEntry.number(proof, "logIndex"),
        LogEntry.number(proof, "treeSize"),
        PublicKeys.base64(proof.textOrEmpty("rootHash"), "the transparency log's root"),
        hashes,
        checkpoint);
  }

  /**
   * Holds the proof to an entry and to a log.
   *
   * @param leaf what was logged
   * @param keys of logs that are trusted
   */
  void verify(byte[] leaf, List<PublicKey> keys) throws SignatureRefused {
    if (!Arrays.equals(computed(leaf), root)) {
      throw new SignatureRefused("the transparency log's proof is of another entry");
    }
    int blank = checkpoint.indexOf("\n\n");
    String[] lines = checkpoint.split("\n", 4);
    if (blank < 0 || lines.length < 4) {
      throw new SignatureRefused("the transparency log's checkpoint cannot be read");
    }
    if (!lines[1].equals(Long.toString(size))
        || !Arrays.equals(PublicKeys.base64(lines[2], "the checkpoint's root"), root)) {
      throw new SignatureRefused("the transparency log's checkpoint is of another tree");
    }
    byte[] text = checkpoint.substring(0, blank + 1).getBytes(StandardCharsets.UTF_8);
    String[] signatures = checkpoint.substring(blank + 2).split("\n");
    for (int i = 0; i < Math.min(MOST_SIGNATURES, signatures.length); i++) {
      int space = signatures[i].lastIndexOf(' ');
      if (!signatures[i].startsWith(MARK) || space < MARK.length()) {
        continue;
      }
      byte[] named = PublicKeys.base64(signatures[i].substring(space + 1), "a checkpoint's line");
      byte[] signature = Arrays.copyOfRange(named, Math.min(4, named.length), named.length);
      if (keys.stream().anyMatch(key -> PublicKeys.verifies(key, text, signature))) {
        return;
      }
    }
    throw new SignatureRefused("the transparency log did not sign its checkpoint");
  }

  /** The root to which the hashes lead. */
  private byte[] computed(byte[] leaf) throws SignatureRefused {
    if (index < 0 || index >= size) {
      throw new SignatureRefused("the transparency log's proof is of no entry of its tree");
    }
    int inner = Long.SIZE - Long.numberOfLeadingZeros(index ^ (size - 1));
    int border = Long.bitCount(inner == Long.SIZE ? 0 : index >>> inner);
    if (hashes.size() != inner + border) {
      throw new SignatureRefused("the transparency log's proof has not as many hashes as it needs");
    }
    byte[] hash = Sha256.of(joined((byte) 0, leaf, new byte[0]));
    for (int i = 0; i < hashes.size(); i++) {
      byte[] other = hashes.get(i);
      boolean left = i < inner && (index >>> i & 1) == 0;
      hash = Sha256.of(left ? joined((byte) 1, hash, other) : joined((byte) 1, other, hash));
    }
    return hash;
  }

  private static byte[] joined(byte kind, byte[] left, byte[] right) {
    byte[] all = new byte[1 + left.length + right.length];
    all[0] = kind;
    System.arraycopy(left, 0, all, 1, left.length);
    System.arraycopy(right, 0, all, 1 + left.length, right.length);
    return all;
  }
}
