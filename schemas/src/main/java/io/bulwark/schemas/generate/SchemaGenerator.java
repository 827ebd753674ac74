package io.bulwark.schemas.generate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code types.bin} and {@code descriptions.bin}, which {@code
 * io.bulwark.api.schema.Schemas} reads. Fails where models, descriptors and tables do not fit
 * together.
 */
public final class SchemaGenerator {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  private static final String WITHOUT_PROTOBUF = "io.k8s.apimachinery.pkg.version.Info";

  private final Facts facts;
  private final Wire wire;
  private final Comments comments;
  private final Descriptions descriptions = new Descriptions();
  private final Map<String, Integer> indexByModel = new HashMap<>();
  private final Map<String, Integer> indexByName = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private SchemaGenerator(Facts facts, Wire wire, Comments comments) {
    this.facts = facts;
    this.wire = wire;
    this.comments = comments;
    int index = 0;
    for (Facts.OfType type : facts.types().values()) {
      indexByModel.put(type.model(), index);
      indexByName.put(type.name(), index++);
    }
  }

  /**
   * @param arguments the directory of the tables, the directory to write to
   */
  public static void main(String[] arguments)
      throws IOException, URISyntaxException, ReflectiveOperationException {
    Path tables = Path.of(arguments[0]);
    Path directory = Path.of(arguments[1]);
    if (!current(tables, directory)) {
      new SchemaGenerator(Facts.read(tables), Wire.load(), Comments.load()).write(directory);
    }
  }

  /** Whether what is there is newer than the tables and all classes of the generator. */
  private static boolean current(Path tables, Path directory) throws IOException {
    Path made = directory.resolve("descriptions.bin");
    if (!Files.exists(made)) {
      return false;
    }
    FileTime time = Files.getLastModifiedTime(made);
    try (Stream<Path> sources =
        Stream.concat(Files.list(tables), Files.list(directory.resolve("generate")))) {
      for (Path source : (Iterable<Path>) sources::iterator) {
        if (Files.getLastModifiedTime(source).compareTo(time) > 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void write(Path directory) throws IOException, ReflectiveOperationException {
    Files.createDirectories(directory);
    List<byte[]> blocks = new ArrayList<>();
    for (Facts.OfType type : facts.types().values()) {
      blocks.add(block(type));
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("\n", problems));
    }
    try (var out = new DataOutputStream(Files.newOutputStream(directory.resolve("types.bin")))) {
      out.writeInt(blocks.size());
      int offset = 0;
      int index = 0;
      for (String name : facts.types().keySet()) {
        out.writeUTF(name);
        out.writeInt(offset);
        offset += blocks.get(index++).length;
      }
      out.writeInt(offset);
      for (byte[] block : blocks) {
        out.write(block);
      }
    }
    Files.write(directory.resolve("descriptions.bin"), descriptions.bytes());
  }

  private byte[] block(Facts.OfType type) throws IOException, ReflectiveOperationException {
    List<Facts.OwnField> own = facts.own().get(type.name());
    Models.Model model = own == null ? Models.read(type.model()) : new Models.Model("", Map.of());
    var bytes = new java.io.ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(descriptions.index(comments.type(wire.message(type.name()), model.description())));
    out.writeUTF(type.mapType());
    out.writeBoolean(type.group() != null);
    if (type.group() != null) {
      out.writeUTF(type.group());
    }
    if (own != null) {
      out.writeShort(own.size());
      for (Facts.OwnField field : own) {
        own(out, field);
      }
      return bytes.toByteArray();
    }
    out.writeShort(model.properties().size());
    for (Models.Property property : model.properties().values()) {
      field(out, type.name(), model, property);
    }
    return bytes.toByteArray();
  }

  private void field(
      DataOutputStream out, String type, Models.Model model, Models.Property property)
      throws IOException {
    Facts.OfField fact = facts.of(type, property.name());
    Wire.Position position = wire.find(type, property.name(), model.properties().keySet());
    List<Integer> parents = List.of();
    int number = 0;
    if (position != null) {
      parents = position.parents();
      number = position.number();
    } else if (!fact.protobuf().isEmpty()) {
      List<Integer> numbers =
          Stream.of(fact.protobuf().split("\\.")).map(Integer::valueOf).toList();
      parents = numbers.subList(0, numbers.size() - 1);
      number = numbers.getLast();
    } else if (!type.equals(WITHOUT_PROTOBUF)
        && !property.name().equals("kind")
        && !property.name().equals("apiVersion")) {
      problems.add(type + "." + property.name() + ": no protobuf number");
    }
    out.writeUTF(property.name());
    String kind = fact.kind();
    if (kind.isEmpty() && position != null) {
      kind = messageName(position.descriptor());
    }
    type(out, type + "." + property.name(), property.type(), kind, wrapped(position));
    out.writeBoolean(property.required());
    String description =
        position == null
            ? property.description()
            : comments.field(position.descriptor(), property.description());
    out.writeInt(descriptions.index(description));
    out.writeUTF(fact.patchStrategy());
    out.writeUTF(fact.mergeKey());
    out.writeUTF(fact.listType());
    texts(out, fact.listMapKeys().isEmpty() ? List.of() : List.of(fact.listMapKeys().split(",")));
    out.writeUTF(fact.mapType());
    out.writeUTF(fact.standard());
    texts(out, quoted(fact.enumeration()));
    out.writeByte(parents.size());
    for (int parent : parents) {
      out.writeShort(parent);
    }
    out.writeShort(number);
    out.writeBoolean(fact.keepsZero());
  }

  private void own(DataOutputStream out, Facts.OwnField field) throws IOException {
    out.writeUTF(field.name());
    String[] words = field.type().split(" ");
    if (words.length == 2) {
      out.writeUTF(words[0]);
    }
    Integer reference = indexByName.get(words[words.length - 1]);
    if (reference == null) {
      out.writeUTF(words[words.length - 1]);
    } else {
      out.writeUTF("object");
      out.writeShort(reference);
    }
    out.writeBoolean(false);
    out.writeInt(descriptions.index(""));
    for (int i = 0; i < 3; i++) { // no merging of any kind
      out.writeUTF("");
    }
    texts(out, List.of());
    out.writeUTF("");
    out.writeUTF("");
    texts(out, List.of());
    out.writeByte(0);
    out.writeShort(field.number());
    out.writeBoolean(field.keepsZero());
  }

  private static String messageName(FieldDescriptor field) {
    FieldDescriptor value =
        field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? value.getMessageType().getName()
        : "";
  }

  private static boolean wrapped(Wire.@Nullable Position position) {
    if (position == null) {
      return false;
    }
    String message = messageName(position.descriptor());
    return message.equals("ExtraValue") || message.equals("Verbs");
  }

  private void type(DataOutputStream out, String path, Type type, String kind, boolean wrapped)
      throws IOException {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        out.writeUTF(wrapped ? "wrapped" : "list");
        type(out, path, arguments[0], kind, false);
      } else {
        out.writeUTF("map");
        type(out, path, arguments[1], kind, wrapped);
      }
      return;
    }
    Class<?> plain = (Class<?>) type;
    Integer reference = indexByModel.get(plain.getSimpleName());
    if (reference != null) {
      out.writeUTF("object");
      out.writeShort(reference);
      return;
    }
    String scalar =
        switch (plain.getSimpleName()) {
          case "String" -> kind.equals("Duration") ? "DURATION" : "STRING";
          case "Integer" -> "INT32";
          case "Long" -> "INT64";
          case "Double" -> "DOUBLE";
          case "Boolean" -> "BOOLEAN";
          case "byte[]" -> "BYTES";
          case "Quantity" -> "QUANTITY";
          case "IntOrString" -> "INT_OR_STRING";
          case "OffsetDateTime" -> kind.equals("MicroTime") ? "MICRO_TIME" : "TIME";
          case "Object" ->
              switch (kind) {
                case "RawExtension" -> "RAW_EXTENSION";
                case "FieldsV1" -> "FIELDS_V1";
                case "JSON" -> "JSON";
                case "JSONSchemaPropsOrArray" -> "SCHEMA_OR_ARRAY";
                case "JSONSchemaPropsOrBool" -> "SCHEMA_OR_BOOL";
                case "JSONSchemaPropsOrStringArray" -> "SCHEMA_OR_STRINGS";
                default -> "EMPTY_OBJECT";
              };
          default -> "";
        };
    if (scalar.isEmpty()) {
      problems.add(path + ": unknown type " + plain.getName() + " " + kind);
    }
    out.writeUTF(scalar);
  }

  private static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeShort(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  private static List<String> quoted(String json) {
    List<String> texts = new ArrayList<>();
    Matcher matcher = QUOTED.matcher(json);
    while (matcher.find()) {
      texts.add(matcher.group(1));
    }
    return texts;
  }
}
