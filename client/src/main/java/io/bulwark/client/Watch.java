package io.bulwark.client;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** An open watch. {@link #next()} is for one thread; {@link #close()} may come from any. */
public final class Watch implements AutoCloseable {
  private final Json.Stream events;
  private final InputStream content;

  Watch(Json.Stream events, InputStream content) {
    this.events = events;
    this.content = content;
  }

  /**
   * The next event, or null when the server ended the watch. Blocks.
   *
   * @throws ApiException on an ERROR event or a broken connection
   */
  public @Nullable Event next() {
    Tree event;
    try {
      event = events.next();
    } catch (RuntimeException broken) {
      throw new ApiException("watch: " + broken.getMessage(), broken);
    }
    if (event == null) {
      return null;
    }
    Tree object = event.treeOrEmpty("object");
    String type = event.textOrEmpty("type");
    if (type.equals("ERROR")) {
      throw new ApiException((int) object.number(500, "code"), object);
    }
    return new Event(type, object);
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException alreadyBroken) {
      // The exchange is over either way.
    }
  }

  /**
   * @param type ADDED, MODIFIED, DELETED or BOOKMARK
   */
  public record Event(String type, Tree object) {}
}
