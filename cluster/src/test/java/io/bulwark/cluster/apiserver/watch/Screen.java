package io.bulwark.cluster.apiserver.watch;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.http.Outgoing.Sink;
import io.bulwark.cluster.platform.http.Outgoing.Slice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A client that keeps what a watch sends it. */
final class Screen implements Sink {
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final List<byte[]> arrays = new ArrayList<>();
  private volatile boolean ended;
  private volatile boolean reading = true;
  private long waiting;

  @Override
  public synchronized long write(List<Slice> slices) {
    for (Slice slice : slices) {
      received.write(slice.bytes(), slice.offset(), slice.length());
      arrays.add(slice.bytes());
      waiting = reading ? 0 : waiting + slice.length();
    }
    return waiting;
  }

  @Override
  public void awaitDrained() {}

  @Override
  public void end() {
    ended = true;
  }

  @Override
  public boolean closed() {
    return false;
  }

  void stopReading() {
    reading = false;
  }

  boolean ended() {
    return ended;
  }

  synchronized byte[] bytes() {
    return received.toByteArray();
  }

  synchronized List<byte[]> arrays() {
    return List.copyOf(arrays);
  }

  List<Tree> events() {
    String text = new String(bytes(), StandardCharsets.UTF_8);
    return text.lines().map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8))).toList();
  }

  /** Type and name of each event. */
  List<String> summary() {
    return events().stream()
        .map(event -> event.text("type") + " " + event.textOrEmpty("object", "metadata", "name"))
        .toList();
  }

  List<Tree> await(int count) {
    until(() -> events().size() >= count);
    return events();
  }

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen in 30 s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
