package io.bulwark.cluster.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** The bytes of an upgraded connection as blocking streams, with back-pressure both ways. */
final class ChannelDuplex extends ChannelInboundHandlerAdapter implements Outgoing.Duplex {
  private static final int HIGH_WATER = 256 * 1024;
  private static final int LOW_WATER = 64 * 1024;

  private final Channel channel;
  private final Input input = new Input();
  private final Output output = new Output();
  private final ArrayDeque<byte[]> received = new ArrayDeque<>();
  private int receivedBytes;
  private int unsentBytes;
  private boolean over;

  ChannelDuplex(Channel channel) {
    this.channel = channel;
  }

  /** Lets the owner use the connection; closes it afterwards. */
  void run(Outgoing.Takeover owner) {
    try (this) {
      owner.run(this);
    } catch (IOException gone) {
      close();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Exception broken) {
      Failures.unexpected("an upgraded connection", broken);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof ByteBuf bytes && bytes.isReadable()) {
        byte[] part = new byte[bytes.readableBytes()];
        bytes.readBytes(part);
        synchronized (this) {
          received.add(part);
          receivedBytes += part.length;
          if (receivedBytes > HIGH_WATER) {
            channel.config().setAutoRead(false);
          }
          notifyAll();
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public synchronized void channelInactive(ChannelHandlerContext context) {
    over = true;
    notifyAll();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private synchronized byte[] take() throws IOException {
    while (received.isEmpty() && !over) {
      await();
    }
    byte[] part = received.poll();
    if (part == null) {
      return new byte[0];
    }
    boolean full = receivedBytes > LOW_WATER;
    receivedBytes -= part.length;
    if (full && receivedBytes <= LOW_WATER) {
      channel.config().setAutoRead(true);
    }
    return part;
  }

  private synchronized void send(byte[] bytes, int offset, int length) throws IOException {
    while (unsentBytes > HIGH_WATER && !over) {
      await();
    }
    if (over) {
      throw new IOException("connection closed");
    }
    unsentBytes += length;
    channel
        .writeAndFlush(Unpooled.copiedBuffer(bytes, offset, length))
        .addListener(sent -> sent(length));
  }

  private synchronized void sent(int length) {
    unsentBytes -= length;
    if (unsentBytes <= LOW_WATER) {
      notifyAll();
    }
  }

  private synchronized void await() throws InterruptedIOException {
    try {
      wait();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  /** What was written is still sent, if the client takes it soon. */
  @Override
  public void close() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      notifyAll();
    }
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    channel.eventLoop().schedule(() -> channel.close(), 5, TimeUnit.SECONDS);
  }

  private final class Input extends InputStream {
    private byte[] part = new byte[0];
    private int at;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == part.length) {
        part = take();
        at = 0;
        if (part.length == 0) {
          return -1;
        }
      }
      int count = Math.min(length, part.length - at);
      System.arraycopy(part, at, into, offset, count);
      at += count;
      return count;
    }

    @Override
    public int available() {
      return part.length - at;
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        send(bytes, offset, length);
      }
    }
  }
}
