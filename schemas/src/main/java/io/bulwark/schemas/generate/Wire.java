package io.bulwark.schemas.generate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The protobuf messages, by schema name. */
record Wire(Map<String, Descriptor> messages) {
  /**
   * Where a field stands in the protobuf form.
   *
   * @param parents numbers of the messages that hold it, outermost first; none where it stands in
   *     the type's own message
   */
  record Position(List<Integer> parents, int number, FieldDescriptor descriptor) {}

  static Wire load() throws IOException, URISyntaxException, ReflectiveOperationException {
    Path jar = Path.of(Meta.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Map<String, Descriptor> messages = new HashMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (var entry : (Iterable<java.util.jar.JarEntry>) file.stream()::iterator) {
        String name = entry.getName();
        if (name.startsWith("io/kubernetes/client/proto/")
            && name.endsWith(".class")
            && name.indexOf('$') < 0) {
          Class<?> outer = Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
          FileDescriptor descriptor =
              (FileDescriptor) outer.getMethod("getDescriptor").invoke(null);
          descriptor.getMessageTypes().forEach(m -> messages.put(schemaName(m), m));
        }
      }
    }
    return new Wire(messages);
  }

  private static String schemaName(Descriptor message) {
    return message
        .getFullName()
        .replaceFirst("^k8s[.]io[.]", "io.k8s.")
        .replace("apiextensions_apiserver", "apiextensions-apiserver");
  }

  /** The full name of a type's message; empty where it has none. */
  String message(String type) {
    Descriptor message = messages.get(type);
    return message == null ? "" : message.getFullName();
  }

  /** Where the JSON field is found, or null where the type has no message or not that field. */
  @Nullable Position find(String type, String field, Set<String> siblings) {
    Descriptor message = messages.get(type);
    if (message == null) {
      return null;
    }
    return find(message, field, siblings, List.of());
  }

  private static @Nullable Position find(
      Descriptor message, String field, Set<String> siblings, List<Integer> parents) {
    FieldDescriptor own = named(message, field);
    if (own != null) {
      return new Position(parents, own.getNumber(), own);
    }
    for (FieldDescriptor holder : message.getFields()) {
      boolean inlined =
          parents.size() < 2
              && holder.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && !holder.isRepeated()
              && siblings.stream().noneMatch(s -> plain(s).equals(plain(holder.getName())));
      if (inlined) {
        List<Integer> inner = new ArrayList<>(parents);
        inner.add(holder.getNumber());
        Position found = find(holder.getMessageType(), field, siblings, List.copyOf(inner));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable FieldDescriptor named(Descriptor message, String field) {
    String wanted = plain(field);
    for (FieldDescriptor candidate : message.getFields()) {
      if (plain(candidate.getName()).equals(wanted)) {
        return candidate;
      }
    }
    return null;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
