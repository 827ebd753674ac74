package io.bulwark.api.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bulwark.api.tree.Tree;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonStreamTest {
  private int reads;

  @Test
  void opensWithoutReadingSoThatAQuietWatchCanBeClosed() {
    byte[] events = "{\"a\":1}\n{\"a\":2}\n".getBytes(StandardCharsets.UTF_8);
    InputStream counting =
        new FilterInputStream(new ByteArrayInputStream(events)) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            reads++;
            return super.read(target, offset, length);
          }
        };
    Json.Stream stream = Json.stream(counting);
    assertEquals(0, reads);
    assertEquals(Tree.of("a", 1L), stream.next());
    assertEquals(Tree.of("a", 2L), stream.next());
    assertNull(stream.next());
  }
}
