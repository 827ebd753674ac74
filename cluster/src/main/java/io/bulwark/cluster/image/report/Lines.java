package io.bulwark.cluster.image.report;

import java.util.Arrays;

/** Ends a document with a line feed, so that it is a text file. */
final class Lines {
  private Lines() {}

  static byte[] of(byte[] document) {
    byte[] line = Arrays.copyOf(document, document.length + 1);
    line[document.length] = '\n';
    return line;
  }
}
