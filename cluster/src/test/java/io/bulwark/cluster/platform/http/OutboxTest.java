package io.bulwark.cluster.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("outbox-test", true), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Outbox outbox = new Outbox(loop);

  @AfterEach
  void close() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void servesInOrderAndMissesNone() throws Exception {
    List<Integer> served = new CopyOnWriteArrayList<>();
    CountDownLatch all = new CountDownLatch(2000);
    for (int i = 0; i < 2000; i++) {
      int number = i;
      outbox.add(
          () -> {
            served.add(number);
            all.countDown();
          });
    }
    assertTrue(all.await(10, TimeUnit.SECONDS));
    assertEquals(IntStream.range(0, 2000).boxed().toList(), served);
  }

  @Test
  void letsTheLoopDoOtherThingsInBetween() throws Exception {
    List<String> happened = new CopyOnWriteArrayList<>();
    CountDownLatch all = new CountDownLatch(21);
    for (int i = 0; i < 20; i++) {
      boolean first = i == 0;
      outbox.add(
          () -> {
            if (first) {
              loop.schedule(() -> note(happened, "other", all), 0, TimeUnit.NANOSECONDS);
            }
            for (long end = System.nanoTime() + 2_000_000; System.nanoTime() < end; ) {
              Thread.onSpinWait();
            }
            note(happened, "stream", all);
          });
    }
    assertTrue(all.await(10, TimeUnit.SECONDS));
    assertTrue(happened.indexOf("other") < 10, happened.toString());
  }

  private static void note(List<String> happened, String what, CountDownLatch all) {
    happened.add(what);
    all.countDown();
  }

  @Test
  void goesOnAfterOneThatFails() throws Exception {
    CountDownLatch served = new CountDownLatch(1);
    outbox.add(
        () -> {
          throw new IllegalStateException("a bug");
        });
    outbox.add(served::countDown);
    assertTrue(served.await(10, TimeUnit.SECONDS));
  }

  @Test
  void refusesWhenTheLoopHasEnded() {
    close();
    assertThrows(RejectedExecutionException.class, () -> outbox.add(() -> {}));
    assertThrows(RejectedExecutionException.class, () -> outbox.add(() -> {}));
  }
}
