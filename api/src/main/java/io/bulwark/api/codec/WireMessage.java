package io.bulwark.api.codec;

import io.bulwark.api.schema.Field;
import io.bulwark.api.schema.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The protobuf message of a type: what stands under each number. Immutable and thread-safe. */
final class WireMessage {
  private static final Map<Schema, WireMessage> MADE = new ConcurrentHashMap<>();

  /** What a number stands for. */
  sealed interface Slot {
    int number();
  }

  /** A field of the JSON form. */
  record OfField(int number, Field field) implements Slot {}

  /** A message whose fields stand, in JSON, beside those of the message that holds it. */
  record Inlined(int number, WireMessage message) implements Slot {}

  private final Slot[] slots;
  private final @Nullable Slot[] byNumber;

  private WireMessage(SortedMap<Integer, Slot> sorted) {
    slots = sorted.values().toArray(Slot[]::new);
    int last = sorted.isEmpty() ? 0 : sorted.lastKey();
    byNumber = new @Nullable Slot[last + 1];
    for (Slot slot : slots) {
      byNumber[slot.number()] = slot;
    }
  }

  static WireMessage of(Schema schema) {
    WireMessage made = MADE.get(schema);
    if (made == null) {
      made = make(schema);
      MADE.put(schema, made);
    }
    return made;
  }

  private static WireMessage make(Schema schema) {
    return make(schema.fields(), 0);
  }

  private static WireMessage make(Collection<Field> fields, int level) {
    SortedMap<Integer, Slot> own = new TreeMap<>();
    SortedMap<Integer, List<Field>> inlined = new TreeMap<>();
    for (Field field : fields) {
      int number = field.protobufNumber();
      if (number > 0 && field.protobufParents().size() == level) {
        own.put(number, new OfField(number, field));
      } else if (number > 0) {
        inlined
            .computeIfAbsent(field.protobufParents().get(level), _ -> new ArrayList<>())
            .add(field);
      }
    }
    inlined.forEach(
        (number, inner) -> own.put(number, new Inlined(number, make(inner, level + 1))));
    return new WireMessage(own);
  }

  /** Whether the type has a protobuf form. */
  boolean present() {
    return slots.length > 0;
  }

  /** In the order of their numbers. */
  int count() {
    return slots.length;
  }

  Slot slot(int index) {
    return slots[index];
  }

  /** What stands under a number, or null. */
  @Nullable Slot numbered(int number) {
    return number < byNumber.length ? byNumber[number] : null;
  }
}
