package io.bulwark.cluster.image.policy;

import com.google.re2j.Pattern;

/**
 * A pattern of image references, such as {@code registry.example.com/team/*}: one star stands for
 * any characters but a slash, two for any characters. A pattern without a tag or digest matches
 * every tag and digest. Immutable.
 */
public final class ImagePattern {
  private final String text;
  private final Pattern whole;

  private ImagePattern(String text, Pattern whole) {
    this.text = text;
    this.whole = whole;
  }

  /**
   * @param text not blank
   */
  public static ImagePattern of(String text) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next != '*') {
        expression.append(Pattern.quote(String.valueOf(next)));
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '*') {
        expression.append(".*");
        i++;
      } else {
        expression.append("[^/]*");
      }
    }
    boolean open = text.indexOf('@') < 0 && text.indexOf(':', text.lastIndexOf('/') + 1) < 0;
    return new ImagePattern(
        text, Pattern.compile(expression + (open ? "(:[^/]*)?(@.*)?" : "(@.*)?")));
  }

  /**
   * @param reference with registry and tag or digest, as {@code Reference} completes it
   */
  public boolean matches(String reference) {
    return whole.matches(reference);
  }

  @Override
  public String toString() {
    return text;
  }
}
