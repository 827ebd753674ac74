package io.bulwark.cluster.apiserver.read;

import java.io.ByteArrayOutputStream;

/** Indents compact JSON by two spaces, as upstream does for people. */
public final class PrettyJson {
  private final byte[] json;
  private final ByteArrayOutputStream out;
  private int depth;

  private PrettyJson(byte[] json) {
    this.json = json;
    this.out = new ByteArrayOutputStream(json.length * 2);
  }

  public static byte[] of(byte[] compact) {
    PrettyJson pretty = new PrettyJson(compact);
    pretty.indent();
    return pretty.out.toByteArray();
  }

  private void indent() {
    for (int at = 0; at < json.length; at++) {
      switch (json[at]) {
        case '"' -> at = string(at);
        case '{', '[' -> {
          out.write(json[at]);
          if (json[at + 1] == '}' || json[at + 1] == ']') {
            out.write(json[++at]);
          } else {
            depth++;
            line();
          }
        }
        case '}', ']' -> {
          depth--;
          line();
          out.write(json[at]);
        }
        case ',' -> {
          out.write(',');
          line();
        }
        case ':' -> {
          out.write(':');
          out.write(' ');
        }
        default -> out.write(json[at]);
      }
    }
  }

  private int string(int start) {
    int at = start + 1;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    out.write(json, start, at + 1 - start);
    return at;
  }

  private void line() {
    out.write('\n');
    for (int i = 0; i < depth; i++) {
      out.write(' ');
      out.write(' ');
    }
  }
}
