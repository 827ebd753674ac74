package io.bulwark.cluster.image.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where people read about a vulnerability. */
final class Advisories {
  private Advisories() {}

  static String page(String id) {
    return "https://osv.dev/vulnerability/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }
}
