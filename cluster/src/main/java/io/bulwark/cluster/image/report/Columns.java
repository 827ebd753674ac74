package io.bulwark.cluster.image.report;

import java.util.List;

/** Rows in aligned columns that fit a terminal; what an image says cannot steer the terminal. */
final class Columns {
  private static final int GAP = 2;
  private static final int LEAST = 8;

  private Columns() {}

  /** Writes the rows, two blanks in; the widest columns are cut until a line fits. */
  static void write(StringBuilder out, List<String[]> rows, int width) {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = printable(row[i]);
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    fit(widths, width);
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String cell = cut(row[i], widths[i]);
        line.append(" ".repeat(GAP)).append(cell).append(" ".repeat(widths[i] - cell.length()));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static void fit(int[] widths, int width) {
    int total = GAP * widths.length;
    for (int each : widths) {
      total += each;
    }
    while (total > width) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        if (widths[i] > widths[widest]) {
          widest = i;
        }
      }
      if (widths[widest] <= LEAST) {
        return;
      }
      widths[widest]--;
      total--;
    }
  }

  /** The text, its end replaced by an ellipsis where it is longer. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  /** The text with control characters and the marks that turn writing round shown as blots. */
  static String printable(String text) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      int type = Character.getType(each);
      if (type == Character.CONTROL
          || type == Character.FORMAT
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        if (safe == null) {
          safe = new StringBuilder(text);
        }
        safe.setCharAt(i, '\ufffd');
      }
    }
    return safe == null ? text : safe.toString();
  }
}
