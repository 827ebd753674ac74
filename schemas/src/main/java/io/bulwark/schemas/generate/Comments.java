package io.bulwark.schemas.generate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What upstream says about types and fields, from the comments in the sources of the protobuf
 * classes: with their paragraphs, and for fields that refer to a type too. The models have neither.
 */
final class Comments {
  private static final String SOURCES = "client-java-proto-[^/]*-sources[.]jar";
  private static final Pattern MESSAGE = Pattern.compile("interface_extends:(\\S+)\\)");
  private static final Pattern FIELD = Pattern.compile("\\* <code>.* = (\\d+)[^<]*</code>");
  private static final Pattern TYPE = Pattern.compile("\\* Protobuf type \\{@code (\\S+)}");

  private static final Pattern GAP = Pattern.compile("\\s+");

  private final Map<String, String> texts = new HashMap<>();

  /** Reads the sources, which stand on the class path. */
  static Comments load() throws IOException {
    File jar =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(File::new)
            .filter(file -> file.getName().matches(SOURCES))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no " + SOURCES + " on the class path"));
    Comments comments = new Comments();
    try (JarFile file = new JarFile(jar)) {
      for (var entry : (Iterable<java.util.jar.JarEntry>) file.stream()::iterator) {
        if (entry.getName().endsWith(".java")) {
          try (var lines =
              new BufferedReader(
                  new InputStreamReader(file.getInputStream(entry), StandardCharsets.UTF_8))) {
            comments.read(lines);
          }
        }
      }
    }
    return comments;
  }

  private void read(BufferedReader lines) throws IOException {
    String message = "";
    List<String> comment = new ArrayList<>();
    boolean inside = false;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String text = line.strip();
      if (text.equals("/**")) {
        comment.clear();
      } else if (text.equals("* <pre>")) {
        inside = true;
      } else if (text.equals("* </pre>")) {
        inside = false;
      } else if (inside) {
        comment.add(plain(text.equals("*") ? "" : text.substring(2)));
      } else if (text.startsWith("* <code>")) {
        put(FIELD.matcher(text), message + "#", comment);
      } else if (text.startsWith("* Protobuf type")) {
        put(TYPE.matcher(text), "", comment);
      } else if (text.startsWith("// @@protoc_insertion_point(interface_extends")) {
        Matcher named = MESSAGE.matcher(text);
        message = named.find() ? named.group(1) : "";
      }
    }
  }

  private void put(Matcher place, String prefix, List<String> comment) {
    if (place.find()) {
      texts.putIfAbsent(prefix + place.group(1), description(comment));
    }
  }

  private static String plain(String line) {
    return line.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#64;", "@")
        .replace("&#42;", "*")
        .replace("&#47;", "/")
        .replace("&#92;", "\\")
        .replace("&amp;", "&");
  }

  /**
   * The sentences of a comment, without its notes to programs: lines flow together, empty and
   * indented ones stay apart.
   *
   * <p>Source: kube-openapi's generator.
   */
  static String description(List<String> comment) {
    StringBuilder text = new StringBuilder();
    for (String each : comment) {
      String line = each.stripTrailing();
      String start = line.strip();
      if (line.equals("---")) {
        break;
      }
      if (line.isEmpty()) {
        dropLast(text).append("\n\n");
      } else if (line.startsWith(" ") || line.startsWith("\t")) {
        if (!start.startsWith("TODO") && !start.startsWith("+")) {
          dropLast(text).append('\n').append(line).append('\n');
        }
      } else if (!start.startsWith("TODO") && !start.startsWith("+")) {
        text.append(line).append(' ');
      }
    }
    return text.toString().replaceFirst("\\n+$", "").strip();
  }

  private static StringBuilder dropLast(StringBuilder text) {
    if (!text.isEmpty()) {
      text.setLength(text.length() - 1);
    }
    return text;
  }

  /** What the model says, with the paragraphs of the comment where both say the same. */
  String type(String message, String model) {
    return better(model, texts.getOrDefault(message, ""));
  }

  /** As {@link #type}; of a field that refers to a type the model says at most what the type is. */
  String field(FieldDescriptor field, String model) {
    String place = field.getContainingType().getFullName() + "#" + field.getNumber();
    String comment = texts.getOrDefault(place, "");
    boolean refers = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated();
    return refers && !comment.isEmpty() && !sameWords(model, comment)
        ? comment
        : better(model, comment);
  }

  private static String better(String model, String comment) {
    if (model.isEmpty()) {
      return comment;
    }
    return sameWords(model, comment) ? merged(model, comment) : model;
  }

  private static boolean sameWords(String one, String other) {
    return Arrays.equals(one.split("\\s+"), other.split("\\s+"));
  }

  /** The comment, with the empty lines of which the model still has the two spaces. */
  private static String merged(String model, String comment) {
    StringBuilder text = new StringBuilder();
    Matcher gaps = GAP.matcher(model);
    Matcher own = GAP.matcher(comment);
    int at = 0;
    while (gaps.find() && own.find()) {
      boolean paragraph = gaps.group().length() > 1 && own.group().equals(" ");
      text.append(comment, at, own.start()).append(paragraph ? "\n\n" : own.group());
      at = own.end();
    }
    return text.append(comment, at, comment.length()).toString();
  }
}
