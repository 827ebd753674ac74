package io.bulwark.api.codec;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** One pass over the events of a stream of documents; a stack instead of recursion. */
final class YamlReading {
  private static final int ALIASED_NODES = 200_000;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(16 * 1024 * 1024).setUseMarks(true).build();

  /** A collection that is being read; in a mapping, the key whose value comes next. */
  private static final class Open {
    final @Nullable Tree tree;
    final @Nullable TreeList list;
    final @Nullable String anchor;
    @Nullable String key;
    boolean merge;
    boolean awaitsValue;

    Open(@Nullable Tree tree, @Nullable TreeList list, @Nullable String anchor) {
      this.tree = tree;
      this.list = list;
      this.anchor = anchor;
    }
  }

  private final Iterator<Event> events;
  private final @Nullable List<String> duplicates;
  private final Deque<Open> stack = new ArrayDeque<>();
  private final Map<String, @Nullable Object> anchors = new HashMap<>();
  private @Nullable Object root;
  private int aliased;

  YamlReading(String text, @Nullable List<String> duplicates) {
    this.events = new Parse(SETTINGS).parseString(text).iterator();
    this.duplicates = duplicates;
  }

  /** Moves to the next document; false at the end of the stream. */
  boolean next() {
    try {
      while (events.hasNext()) {
        if (events.next().getEventId() == Event.ID.DocumentStart) {
          return true;
        }
      }
      return false;
    } catch (YamlEngineException broken) {
      throw malformed(broken);
    }
  }

  /** The value of the document that {@link #next} moved to. */
  @Nullable Object document() {
    root = null;
    anchors.clear();
    stack.clear();
    try {
      while (true) {
        Event event = events.next();
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case Alias -> alias((AliasEvent) event);
          case MappingStart -> open(event, new Open(new Tree(), null, anchor(event)));
          case SequenceStart -> open(event, new Open(null, new TreeList(), anchor(event)));
          case MappingEnd, SequenceEnd -> close(event);
          case DocumentEnd -> {
            return root;
          }
          case StreamStart, StreamEnd, DocumentStart, Comment -> {}
        }
      }
    } catch (YamlEngineException broken) {
      throw malformed(broken);
    }
  }

  private void open(Event event, Open collection) {
    if (stack.size() >= Json.READ_DEPTH) {
      throw new MalformedBody("yaml: exceeded max depth of " + Json.READ_DEPTH);
    }
    Open parent = stack.peek();
    if (parent != null && parent.tree != null && !parent.awaitsValue) {
      throw new MalformedBody("yaml: " + line(event) + ": invalid map key");
    }
    stack.push(collection);
  }

  private void close(Event event) {
    Open done = stack.pop();
    Object value = done.tree != null ? done.tree : done.list;
    if (done.anchor != null) {
      anchors.put(done.anchor, value);
    }
    add(event, value);
  }

  private void scalar(ScalarEvent event) {
    String tag = event.getTag().orElse("");
    boolean plain = event.isPlain() && tag.isEmpty();
    Open parent = stack.peek();
    if (parent != null && parent.tree != null && !parent.awaitsValue) {
      key(event, parent, plain, tag);
      return;
    }
    Object value = YamlScalars.value(event.getValue(), plain, tag);
    String anchor = anchor(event);
    if (anchor != null) {
      anchors.put(anchor, value);
    }
    add(event, value);
  }

  private void key(ScalarEvent event, Open mapping, boolean plain, String tag) {
    mapping.awaitsValue = true;
    if (plain && event.getValue().equals("<<")) {
      mapping.merge = true;
      return;
    }
    Object key = YamlScalars.value(event.getValue(), plain, tag);
    String anchor = anchor(event);
    if (anchor != null) {
      anchors.put(anchor, key);
    }
    mapping.key = key(event, key);
  }

  private static String key(Event event, @Nullable Object key) {
    return switch (key) {
      case String text -> text;
      case Long number -> Long.toString(number);
      case Boolean flag -> flag.toString();
      case Double number -> Json.text(number);
      case null, default -> throw new MalformedBody("yaml: " + line(event) + ": invalid map key");
    };
  }

  private void alias(AliasEvent event) {
    String name = event.getAlias().getValue();
    if (!anchors.containsKey(name)) {
      throw new MalformedBody("yaml: unknown anchor '" + name + "' referenced");
    }
    Object value = copied(anchors.get(name));
    Open parent = stack.peek();
    if (parent != null && parent.tree != null && !parent.awaitsValue) {
      parent.key = key(event, value);
      parent.awaitsValue = true;
      return;
    }
    add(event, value);
  }

  private @Nullable Object copied(@Nullable Object value) {
    aliased += size(value);
    if (aliased > ALIASED_NODES) {
      throw new MalformedBody("yaml: document contains excessive aliasing");
    }
    return switch (value) {
      case Tree tree -> tree.copy();
      case TreeList list -> list.copy();
      case null, default -> value;
    };
  }

  private int size(@Nullable Object value) {
    int size = 1;
    if (value instanceof Tree tree) {
      for (int i = 0; i < tree.size() && size <= ALIASED_NODES; i++) {
        size += size(tree.valueAt(i));
      }
    } else if (value instanceof TreeList list) {
      for (int i = 0; i < list.size() && size <= ALIASED_NODES; i++) {
        size += size(list.get(i));
      }
    }
    return size;
  }

  private void add(Event event, @Nullable Object value) {
    Open parent = stack.peek();
    if (parent == null) {
      root = value;
    } else if (parent.list != null) {
      parent.list.add(value);
    } else if (parent.tree != null) {
      parent.awaitsValue = false;
      if (parent.merge) {
        parent.merge = false;
        merge(parent.tree, value);
      } else if (parent.key != null) {
        if (duplicates != null && parent.tree.containsKey(parent.key)) {
          duplicates.add(line(event) + ": key \"" + parent.key + "\" already set in map");
        }
        parent.tree.put(parent.key, value);
      }
    }
  }

  private void merge(Tree into, @Nullable Object value) {
    switch (value) {
      case Tree tree -> into.putAll(tree);
      case TreeList list -> {
        for (int i = list.size() - 1; i >= 0; i--) {
          if (!(list.get(i) instanceof Tree tree)) {
            throw new MalformedBody(
                "yaml: map merge requires map or sequence of maps as the value");
          }
          into.putAll(((Tree) copied(tree)));
        }
      }
      case null, default ->
          throw new MalformedBody("yaml: map merge requires map or sequence of maps as the value");
    }
  }

  private static @Nullable String anchor(Event event) {
    Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
    return anchor.isPresent() ? anchor.get().getValue() : null;
  }

  private static String line(Event event) {
    return "line " + event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private static MalformedBody malformed(YamlEngineException broken) {
    if (broken instanceof MarkedYamlEngineException marked) {
      int line = marked.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      return new MalformedBody("yaml: line " + line + ": " + marked.getProblem());
    }
    return new MalformedBody("yaml: " + broken.getMessage());
  }
}
