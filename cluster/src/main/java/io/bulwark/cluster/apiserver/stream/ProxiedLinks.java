package io.bulwark.cluster.apiserver.stream;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leads the links of a page that is read through the API back through the API. Immutable.
 *
 * <p>Source: k8s.io/apimachinery/pkg/util/proxy, Transport.
 *
 * @param prefix of the proxy's path, without a slash at its end
 * @param target host and port that the page came from
 * @param host as the client wrote it; empty for none
 */
record ProxiedLinks(String prefix, String target, String host) {
  private static final String ATTRIBUTES = "\\b(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>?";

  /**
   * Comments and the insides of scripts and styles are no tags; an attribute may be quoted. What is
   * never closed lasts to the end of the page: so no character is looked at again for each opening.
   */
  private static final Pattern TAG =
      Pattern.compile(
          "<!--(?:.*?-->|.*+)"
              + "|(?<raw><(?<rawname>script|style)"
              + ATTRIBUTES
              + ")(?<text>.*?)(?=</\\k<rawname>|\\z)"
              + "|<(?<name>[a-z][a-z0-9]*+)"
              + ATTRIBUTES,
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(?<=\\s)(?<name>[a-z]+)\\s*=\\s*"
              + "(?:\"(?<double>[^\"]*)\"|'(?<single>[^']*)'|(?<bare>[^\\s\"'>]+))",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, Set<String>> LINKS =
      Map.ofEntries(
          Map.entry("a", Set.of("href")),
          Map.entry("applet", Set.of("codebase")),
          Map.entry("area", Set.of("href")),
          Map.entry("audio", Set.of("src")),
          Map.entry("base", Set.of("href")),
          Map.entry("blockquote", Set.of("cite")),
          Map.entry("body", Set.of("background")),
          Map.entry("button", Set.of("formaction")),
          Map.entry("command", Set.of("icon")),
          Map.entry("del", Set.of("cite")),
          Map.entry("embed", Set.of("src")),
          Map.entry("form", Set.of("action")),
          Map.entry("frame", Set.of("longdesc", "src")),
          Map.entry("head", Set.of("profile")),
          Map.entry("html", Set.of("manifest")),
          Map.entry("iframe", Set.of("longdesc", "src")),
          Map.entry("img", Set.of("longdesc", "src", "usemap")),
          Map.entry("input", Set.of("src", "usemap", "formaction")),
          Map.entry("ins", Set.of("cite")),
          Map.entry("link", Set.of("href")),
          Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
          Map.entry("q", Set.of("cite")),
          Map.entry("script", Set.of("src")),
          Map.entry("source", Set.of("src")),
          Map.entry("video", Set.of("poster", "src")));

  /** A page with its links led through the proxy. */
  String page(String html) {
    return TAG.matcher(html).replaceAll(tag -> Matcher.quoteReplacement(tag(tag)));
  }

  private String tag(MatchResult tag) {
    String raw = tag.group("raw");
    if (raw != null) {
      return attributes(raw, tag.group("rawname")) + tag.group("text");
    }
    String name = tag.group("name");
    return name == null ? tag.group() : attributes(tag.group(), name);
  }

  private String attributes(String tag, String name) {
    Set<String> links = LINKS.getOrDefault(name.toLowerCase(Locale.ROOT), Set.of());
    if (links.isEmpty()) {
      return tag;
    }
    return ATTRIBUTE
        .matcher(tag)
        .replaceAll(
            attribute ->
                Matcher.quoteReplacement(
                    links.contains(attribute.group("name").toLowerCase(Locale.ROOT))
                        ? rewritten(attribute)
                        : attribute.group()));
  }

  private String rewritten(MatchResult attribute) {
    for (String form : new String[] {"double", "single", "bare"}) {
      String value = attribute.group(form);
      if (value != null) {
        String quote = form.equals("double") ? "\"" : form.equals("single") ? "'" : "";
        return attribute.group("name") + "=" + quote + link(value) + quote;
      }
    }
    return attribute.group();
  }

  /** One link; those that lead elsewhere, and relative ones, stay as they are. */
  String link(String link) {
    URI parsed;
    try {
      parsed = new URI(link.strip());
    } catch (URISyntaxException unreadable) {
      return link;
    }
    String authority = parsed.getRawAuthority();
    String path = parsed.getRawPath();
    boolean elsewhere = authority != null && !authority.equals(target) && !authority.equals(host);
    if (elsewhere || path == null || !path.startsWith("/")) {
      return link;
    }
    StringBuilder through = new StringBuilder();
    if (authority != null && authority.equals(host)) {
      through.append(parsed.getScheme() == null ? "" : parsed.getScheme() + ":");
      through.append("//").append(authority);
    }
    through.append(path.startsWith(prefix) ? "" : prefix).append(path);
    if (parsed.getRawQuery() != null) {
      through.append('?').append(parsed.getRawQuery());
    }
    if (parsed.getRawFragment() != null) {
      through.append('#').append(parsed.getRawFragment());
    }
    return through.toString();
  }
}
