package io.bulwark.schemas.generate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
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
   * @param parent number of the message that holds it; 0 where it stands in the type's own message
   */
  record Position(int parent, int number, FieldDescriptor descriptor) {}

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
    return "io."
        + message.getFullName().replace("apiextensions_apiserver", "apiextensions-apiserver");
  }

  /** Where the JSON field is found, or null where the type has no message or not that field. */
  @Nullable Position find(String type, String field, Set<String> siblings) {
    Descriptor message = messages.get(type);
    if (message == null) {
      return null;
    }
    FieldDescriptor own = named(message, field);
    if (own != null) {
      return new Position(0, own.getNumber(), own);
    }
    for (FieldDescriptor holder : message.getFields()) {
      boolean inlined =
          holder.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && !holder.isRepeated()
              && siblings.stream().noneMatch(s -> plain(s).equals(plain(holder.getName())));
      FieldDescriptor inner = inlined ? named(holder.getMessageType(), field) : null;
      if (inner != null) {
        return new Position(holder.getNumber(), inner.getNumber(), inner);
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
