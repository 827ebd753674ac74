package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import java.util.concurrent.ConcurrentHashMap;

/** The shapes of the built-in types. Thread-safe. */
public final class SchemaShapes implements Shapes {
  private final ConcurrentHashMap<String, Shape> structs = new ConcurrentHashMap<>();

  @Override
  public Shape of(String schema) {
    Shape known = structs.get(schema);
    if (known != null) {
      return known;
    }
    Schema found = Schemas.find(schema);
    Shape made = found == null ? Shape.ANYTHING : new StructShape(found, this);
    Shape raced = structs.putIfAbsent(schema, made);
    return raced == null ? made : raced;
  }
}
