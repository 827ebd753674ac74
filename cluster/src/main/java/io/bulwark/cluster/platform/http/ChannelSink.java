package io.bulwark.cluster.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A streamed response. Writes of any thread are gathered and sent by the event loop. */
final class ChannelSink implements Outgoing.Sink {
  private static final int LOW_WATER = 64 * 1024;
  private static final int GATHERED = 64 * 1024;

  private final Connections server;
  private final Channel channel;
  private final Outbox outbox;
  private final Runnable flush = this::flush;
  private final Consumer<ChannelFuture> finished;
  private final ConcurrentLinkedQueue<List<Outgoing.Slice>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private boolean opened;
  private volatile boolean ended;
  private volatile boolean closed;
  private @Nullable AutoCloseable source;

  /**
   * @param finished called on the event loop when the end of the response is written
   */
  ChannelSink(Connections server, Channel channel, Consumer<ChannelFuture> finished) {
    this.server = server;
    this.channel = channel;
    this.outbox = server.outbox(channel.eventLoop());
    this.finished = finished;
  }

  @Override
  public long write(List<Outgoing.Slice> slices) {
    if (closed || ended) {
      return 0;
    }
    long length = 0;
    for (Outgoing.Slice slice : slices) {
      length += slice.length();
    }
    long waiting = pending.addAndGet(length);
    queue.add(slices);
    schedule();
    return waiting;
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        outbox.add(flush);
      } catch (java.util.concurrent.RejectedExecutionException stopped) {
        disconnected();
      }
    }
  }

  /** The head of the response is sent, so what waits may follow. Event loop only. */
  void open() {
    opened = true;
    flush();
  }

  private void flush() {
    scheduled.set(false);
    if (!opened) {
      return;
    }
    boolean last = ended;
    List<ByteBuf> gathered = new ArrayList<>();
    int size = 0;
    for (List<Outgoing.Slice> slices = queue.poll(); slices != null; slices = queue.poll()) {
      for (Outgoing.Slice slice : slices) {
        gathered.add(Unpooled.wrappedBuffer(slice.bytes(), slice.offset(), slice.length()));
        size += slice.length();
        if (size >= GATHERED) {
          send(gathered, size);
          gathered.clear();
          size = 0;
        }
      }
    }
    if (size > 0) {
      send(gathered, size);
    }
    if (last && !closed) {
      closed = true;
      server.streams().remove(this);
      ChannelFuture written = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      wake();
      finished.accept(written);
    } else {
      channel.flush();
    }
  }

  private void send(List<ByteBuf> parts, int size) {
    ByteBuf content = Unpooled.wrappedBuffer(parts.size(), parts.toArray(new ByteBuf[0]));
    channel.write(new DefaultHttpContent(content)).addListener(done -> sent(size));
  }

  private void sent(int size) {
    if (pending.addAndGet(-size) <= LOW_WATER) {
      wake();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public synchronized void awaitDrained() throws InterruptedException {
    while (!closed && pending.get() > LOW_WATER) {
      wait();
    }
  }

  @Override
  public void end() {
    ended = true;
    if (!closed) {
      schedule();
    }
  }

  @Override
  public boolean closed() {
    return closed;
  }

  /** What feeds the sink; closed at once if the client is already gone. */
  void attach(AutoCloseable feeding) {
    synchronized (this) {
      if (!closed) {
        source = feeding;
        return;
      }
    }
    if (!ended) {
      closeQuietly(feeding);
    }
  }

  /** The client is gone. */
  void disconnected() {
    AutoCloseable feeding;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      feeding = source;
      source = null;
      notifyAll();
    }
    server.streams().remove(this);
    queue.clear();
    if (feeding != null) {
      try {
        server.threads().execute(() -> closeQuietly(feeding));
      } catch (java.util.concurrent.RejectedExecutionException stopped) {
        closeQuietly(feeding);
      }
    }
  }

  /** The server stops: ends the source, then the response. */
  void endNow() {
    AutoCloseable feeding;
    synchronized (this) {
      feeding = source;
      source = null;
    }
    if (feeding != null) {
      closeQuietly(feeding);
    }
    end();
  }

  private static void closeQuietly(AutoCloseable feeding) {
    try {
      feeding.close();
    } catch (Exception broken) {
      Failures.unexpected("closing a stream", broken);
    }
  }
}
