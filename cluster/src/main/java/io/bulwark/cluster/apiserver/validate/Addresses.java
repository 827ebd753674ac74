package io.bulwark.cluster.apiserver.validate;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/** Textual IP addresses. */
final class Addresses {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  private Addresses() {}

  static boolean ipv4(String text) {
    return IPV4.matcher(text).matches();
  }

  static boolean ipv6(String text) {
    if (!text.contains(":") || text.contains("%") || text.contains("[")) {
      return false;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  static void check(String text, String path, Checks checks) {
    checks.syntax(path, text, problems(text));
  }

  static List<String> problems(String text) {
    return ipv4(text) || ipv6(text)
        ? List.of()
        : List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  }

  /** An address that other machines can reach. */
  static void endpoint(String text, String path, Checks checks) {
    if (!ipv4(text) && !ipv6(text)) {
      check(text, path, checks);
      return;
    }
    InetAddress address = InetAddress.ofLiteral(text);
    List<String> problems =
        address.isAnyLocalAddress()
            ? List.of("may not be unspecified (" + text + ")")
            : address.isLoopbackAddress()
                ? List.of("may not be in the loopback range (127.0.0.0/8, ::1/128)")
                : address.isLinkLocalAddress()
                    ? List.of("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
                    : List.of();
    checks.syntax(path, text, problems);
  }
}
