package io.bulwark.cluster.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyHeadersFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * One end of a SPDY/3.1 connection with blocking streams, as Kubernetes uses it after an upgrade.
 * There is no flow control by windows, as the other implementations have none: a stream that is not
 * read stops the connection.
 *
 * <p>Thread-safe. {@link #run} reads the connection and must have a thread of its own.
 */
public final class SpdyConnection implements AutoCloseable {
  private final Outgoing.Duplex connection;
  private final boolean client;
  private final Consumer<SpdyStream> accepted;
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private final EmbeddedChannel decoder =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final EmbeddedChannel encoder =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private int nextStream;
  private volatile boolean over;

  /**
   * @param client whether this end asked for the upgrade
   * @param accepted called on the reading thread with each stream that the other end opens; must
   *     not block
   */
  public SpdyConnection(Outgoing.Duplex connection, boolean client, Consumer<SpdyStream> accepted) {
    this.connection = connection;
    this.client = client;
    this.accepted = accepted;
    this.nextStream = client ? 1 : 2;
  }

  /**
   * Opens a stream without waiting for the other end's reply.
   *
   * @param headers lower-case names
   */
  public SpdyStream open(Map<String, String> headers) throws IOException {
    synchronized (encoder) {
      int id = nextStream;
      nextStream += 2;
      SpdyStream stream = new SpdyStream(this, id, Map.copyOf(headers));
      streams.put(id, stream);
      DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
      headers.forEach((name, value) -> frame.headers().set(name, value));
      send(frame);
      if (over) {
        stream.finished(true);
      }
      return stream;
    }
  }

  /** Reads the connection until it ends; returns normally when it was closed by either side. */
  public void run() throws IOException {
    InputStream in = connection.input();
    byte[] buffer = new byte[32 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
        for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
          try {
            received(frame);
          } finally {
            ReferenceCountUtil.release(frame);
          }
        }
      }
    } catch (IOException gone) {
      if (!over) {
        throw gone;
      }
    } finally {
      close();
      decoder.finishAndReleaseAll();
    }
  }

  private void received(Object frame) throws IOException {
    switch (frame) {
      case SpdyDataFrame data -> {
        SpdyStream stream = streams.get(data.streamId());
        if (stream != null) {
          byte[] content = new byte[data.content().readableBytes()];
          data.content().readBytes(content);
          stream.received(content);
          end(stream, data.isLast());
        }
      }
      case SpdySynStreamFrame opened -> {
        SpdyStream stream = new SpdyStream(this, opened.streamId(), headers(opened));
        streams.put(opened.streamId(), stream);
        send(new DefaultSpdySynReplyFrame(opened.streamId()));
        accepted.accept(stream);
        end(stream, opened.isLast());
      }
      case SpdySynReplyFrame reply -> ended(reply);
      case SpdyHeadersFrame more -> ended(more);
      case SpdyRstStreamFrame reset -> {
        SpdyStream stream = streams.remove(reset.streamId());
        if (stream != null) {
          stream.finished(true);
        }
      }
      case SpdyPingFrame ping -> {
        if ((ping.id() & 1) == (client ? 0 : 1)) {
          send(new DefaultSpdyPingFrame(ping.id()));
        }
      }
      case SpdyGoAwayFrame leaving -> over |= streams.isEmpty();
      default -> {}
    }
  }

  private void ended(SpdyHeadersFrame frame) {
    SpdyStream stream = streams.get(frame.streamId());
    if (stream != null) {
      end(stream, frame.isLast());
    }
  }

  private void end(SpdyStream stream, boolean last) {
    if (last) {
      stream.finished(false);
    }
  }

  private static Map<String, String> headers(SpdySynStreamFrame frame) {
    Map<String, String> headers = new LinkedHashMap<>();
    frame
        .headers()
        .forEach(header -> headers.put(header.getKey().toString(), header.getValue().toString()));
    return headers;
  }

  void data(int stream, byte[] bytes, int offset, int length, boolean last) throws IOException {
    DefaultSpdyDataFrame frame =
        new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes, offset, length));
    frame.setLast(last);
    send(frame);
  }

  void reset(int stream) throws IOException {
    streams.remove(stream);
    send(new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.CANCEL));
  }

  void forget(int stream) {
    streams.remove(stream);
  }

  private void send(SpdyFrame frame) throws IOException {
    synchronized (encoder) {
      encoder.writeOutbound(frame);
      OutputStream out = connection.output();
      for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
        byte[] bytes = new byte[part.readableBytes()];
        part.readBytes(bytes);
        part.release();
        if (!over) {
          out.write(bytes);
        }
      }
      out.flush();
    }
  }

  /** Closes the connection; reads of its streams then end, writes fail. */
  @Override
  public void close() {
    over = true;
    connection.close();
    streams.values().forEach(stream -> stream.finished(true));
    streams.clear();
  }
}
