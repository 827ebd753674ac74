package io.bulwark.cluster.apiserver.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The forms of names and values; each method returns the rules that a text breaks.
 *
 * <p>Source: "Object Names and IDs" and "Labels and Selectors" in upstream's documentation.
 */
final class Syntax {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String RFC_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
  private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String VALUE = "(" + "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]" + ")?";
  private static final String KEY = "[-._a-zA-Z0-9]+";

  private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
  private static final Pattern RFC_1035_PATTERN = Pattern.compile(RFC_1035);
  private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9_.-]*");
  private static final Pattern KEY_PATTERN = Pattern.compile(KEY);

  private Syntax() {}

  static List<String> label(String text) {
    List<String> problems = new ArrayList<>();
    longest(text, 63, problems);
    if (!labelOnly(text)) {
      problems.add(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
              + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
              + " '123-abc', regex used for validation is '"
              + LABEL
              + "')");
    }
    return problems;
  }

  static List<String> subdomain(String text) {
    List<String> problems = new ArrayList<>();
    longest(text, 253, problems);
    for (String part : text.split("\\.", -1)) {
      if (!labelOnly(part)) {
        problems.add(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                + " '-' or '.', and must start and end with an alphanumeric character (e.g."
                + " 'example.com', regex used for validation is '"
                + SUBDOMAIN
                + "')");
        break;
      }
    }
    return problems;
  }

  private static boolean labelOnly(String text) {
    return LABEL_PATTERN.matcher(text).matches();
  }

  /** A DNS label that starts with a letter. */
  static List<String> rfc1035(String text) {
    List<String> problems = new ArrayList<>();
    longest(text, 63, problems);
    if (!RFC_1035_PATTERN.matcher(text).matches()) {
      problems.add(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
              + " an alphabetic character, and end with an alphanumeric character (e.g. 'my-name', "
              + " or 'abc-123', regex used for validation is '"
              + RFC_1035
              + "')");
    }
    return problems;
  }

  static List<String> pathSegment(String text) {
    List<String> problems = new ArrayList<>();
    if (text.equals(".") || text.equals("..")) {
      problems.add("may not be '" + text + "'");
    }
    if (text.contains("/")) {
      problems.add("may not contain '/'");
    }
    if (text.contains("%")) {
      problems.add("may not contain '%'");
    }
    return problems;
  }

  /** A name with an optional prefix: {@code example.com/MyName}. */
  static List<String> qualified(String text) {
    List<String> problems = new ArrayList<>();
    String[] parts = text.split("/", -1);
    String explained =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
            + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
            + " validation is '"
            + NAME
            + "')";
    if (parts.length > 2) {
      problems.add(
          "a qualified name "
              + explained
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
      return problems;
    }
    String name = parts[parts.length - 1];
    if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        problems.add("prefix part must be non-empty");
      } else {
        subdomain(parts[0]).forEach(problem -> problems.add("prefix part " + problem));
      }
    }
    if (name.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (name.length() > 63) {
      problems.add("name part must be no more than 63 bytes");
    }
    if (!wordly(name) || name.isEmpty()) {
      problems.add("name part " + explained);
    }
    return problems;
  }

  static List<String> labelValue(String text) {
    List<String> problems = new ArrayList<>();
    longest(text, 63, problems);
    if (!text.isEmpty() && !wordly(text)) {
      problems.add(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
              + " or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
              + " 'my_value',  or '12345', regex used for validation is '"
              + VALUE
              + "')");
    }
    return problems;
  }

  private static boolean wordly(String text) {
    return NAME_PATTERN.matcher(text).matches()
        && (text.isEmpty()
            || (Character.isLetterOrDigit(text.charAt(0))
                && Character.isLetterOrDigit(text.charAt(text.length() - 1))));
  }

  /** A key of a ConfigMap or Secret. */
  static List<String> configKey(String text) {
    List<String> problems = new ArrayList<>();
    longest(text, 253, problems);
    if (!KEY_PATTERN.matcher(text).matches()) {
      problems.add(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
              + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '"
              + KEY
              + "')");
    }
    if (text.equals(".") || text.equals("..")) {
      problems.add("must not be '" + text + "'");
    } else if (text.startsWith("..")) {
      problems.add("must not start with '..'");
    }
    return problems;
  }

  static List<String> environmentName(String text) {
    boolean printable = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '=');
    return printable && !text.isEmpty()
        ? List.of()
        : List.of(
            "a valid environment variable name must consist only of printable ASCII characters"
                + " other than '='");
  }

  static List<String> portName(String text) {
    List<String> problems = new ArrayList<>();
    longest(text, 15, problems);
    if (!text.matches("[-a-z0-9]+")) {
      problems.add("must contain only alphanumeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (!text.matches(".*[a-z].*")) {
      problems.add("must contain at least one letter (a-z)");
    }
    if (text.contains("--")) {
      problems.add("must not contain consecutive hyphens");
    }
    if (text.startsWith("-") || text.endsWith("-")) {
      problems.add("must not begin or end with a hyphen");
    }
    return problems;
  }

  /** The key of an annotation; upper case counts as lower case. */
  static List<String> annotationKey(String text) {
    return qualified(text.toLowerCase(Locale.ROOT));
  }

  private static void longest(String text, int limit, List<String> problems) {
    if (text.length() > limit) {
      problems.add("must be no more than " + limit + " bytes");
    }
  }
}
