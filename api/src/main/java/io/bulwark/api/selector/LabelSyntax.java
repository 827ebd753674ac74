package io.bulwark.api.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which label keys and values are allowed. Each method returns one sentence for each broken rule,
 * none for a good text.
 *
 * <p>Source: k8s.io/apimachinery pkg/api/validate/content.
 */
public final class LabelSyntax {
  private static final int NAME_LENGTH = 63;
  private static final int SUBDOMAIN_LENGTH = 253;
  private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
  private static final String NAME_RULE =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '"
          + NAME
          + "')";
  private static final String VALUE_RULE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is '("
          + NAME
          + ")?')";
  private static final String SUBDOMAIN_RULE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
          + " used for validation is '"
          + SUBDOMAIN
          + "')";

  private LabelSyntax() {}

  /** Broken rules of a label key (a "qualified name"): {@code [prefix/]name}. */
  public static List<String> keyErrors(String key) {
    List<String> errors = new ArrayList<>(0);
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (name.indexOf('/') >= 0) {
      errors.add(
          "a valid label key "
              + NAME_RULE
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
      return errors;
    }
    if (slash == 0) {
      errors.add("prefix part must be non-empty");
    } else if (slash > 0) {
      subdomainErrors(key.substring(0, slash)).forEach(e -> errors.add("prefix part " + e));
    }
    if (name.isEmpty()) {
      errors.add("name part must be non-empty");
    } else if (name.length() > NAME_LENGTH) {
      errors.add("name part must be no more than 63 bytes");
    }
    if (!nameShaped(name)) {
      errors.add("name part " + NAME_RULE);
    }
    return errors;
  }

  /** Broken rules of a label value. */
  public static List<String> valueErrors(String value) {
    List<String> errors = new ArrayList<>(0);
    if (value.length() > NAME_LENGTH) {
      errors.add("must be no more than 63 bytes");
    }
    if (!value.isEmpty() && !nameShaped(value)) {
      errors.add(VALUE_RULE);
    }
    return errors;
  }

  /** Broken rules of a DNS subdomain as RFC 1123 has it. */
  public static List<String> subdomainErrors(String name) {
    List<String> errors = new ArrayList<>(0);
    if (name.length() > SUBDOMAIN_LENGTH) {
      errors.add("must be no more than 253 bytes");
      return errors;
    }
    if (!SUBDOMAIN_PATTERN.matcher(name).matches()) {
      errors.add(SUBDOMAIN_RULE);
    }
    return errors;
  }

  private static boolean nameShaped(String name) {
    int last = name.length() - 1;
    if (last < 0 || !alphanumeric(name.charAt(0)) || !alphanumeric(name.charAt(last))) {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char c = name.charAt(i);
      if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
