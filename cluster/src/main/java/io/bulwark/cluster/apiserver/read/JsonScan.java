package io.bulwark.cluster.apiserver.read;

import java.nio.charset.StandardCharsets;

/**
 * Finds members in canonical JSON (no white space, sorted keys) without parsing the rest. The bytes
 * must be well-formed.
 */
final class JsonScan {
  private static final byte[] API_VERSION = name("apiVersion");
  private static final byte[] KIND = name("kind");
  private static final byte[] METADATA = name("metadata");
  private static final byte[] LABELS = name("labels");
  private static final byte[] UID = name("uid");

  private final byte[] json;
  private int at;

  private JsonScan(byte[] json, int at) {
    this.json = json;
    this.at = at;
  }

  /**
   * Offsets into the JSON of an object; -1 for what is not there.
   *
   * @param apiVersionEnd after the comma that follows the member, as for {@code kindEnd}
   * @param metadataStart of the value, as for {@code labelsStart}
   * @param uid where the name of metadata's uid starts
   */
  record Members(
      int apiVersionStart,
      int apiVersionEnd,
      int kindStart,
      int kindEnd,
      int metadataStart,
      int metadataEnd,
      int labelsStart,
      int labelsEnd,
      int uid) {}

  static Members members(byte[] json) {
    int[] found = {-1, -1, -1, -1, -1, -1, -1, -1, -1};
    JsonScan scan = new JsonScan(json, 1);
    while (json[scan.at] != '}') {
      int start = scan.at;
      int value = scan.value();
      if (scan.named(start, API_VERSION)) {
        found[0] = start;
        found[1] = scan.afterComma();
      } else if (scan.named(start, KIND)) {
        found[2] = start;
        found[3] = scan.afterComma();
      } else if (scan.named(start, METADATA)) {
        found[4] = value;
        found[5] = scan.at;
        metadata(json, value, found);
        break;
      }
      scan.at = scan.afterComma();
    }
    return new Members(
        found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7], found[8]);
  }

  private static void metadata(byte[] json, int start, int[] found) {
    JsonScan scan = new JsonScan(json, start + 1);
    while (json[scan.at] != '}') {
      int member = scan.at;
      int value = scan.value();
      if (scan.named(member, LABELS) && json[value] == '{') {
        found[6] = value;
        found[7] = scan.at;
      } else if (scan.named(member, UID)) {
        found[8] = member;
        return;
      }
      scan.at = scan.afterComma();
    }
  }

  private static byte[] name(String name) {
    return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
  }

  private int afterComma() {
    return json[at] == ',' ? at + 1 : at;
  }

  private boolean named(int start, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (json[start + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** Moves from the start of a member to its end; gives the start of its value. */
  private int value() {
    string();
    at++;
    int start = at;
    int depth = 0;
    do {
      switch (json[at]) {
        case '"' -> string();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        default -> at++;
      }
    } while (depth > 0 || (json[at] != ',' && json[at] != '}' && json[at] != ']'));
    return start;
  }

  private void string() {
    at++;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    at++;
  }
}
