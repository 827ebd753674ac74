package io.bulwark.cluster.platform.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes an HTTP/2 connection that has had no stream for a while. */
final class IdleStreams extends ChannelInboundHandlerAdapter {
  private final Http2FrameCodec codec;
  private final Duration idle;
  private @Nullable Future<?> check;
  private int lastStream = -1;

  IdleStreams(Http2FrameCodec codec, Duration idle) {
    this.codec = codec;
    this.idle = idle;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    long millis = idle.toMillis();
    check =
        context
            .executor()
            .scheduleAtFixedRate(() -> check(context), millis, millis, TimeUnit.MILLISECONDS);
  }

  private void check(ChannelHandlerContext context) {
    int newest = codec.connection().remote().lastStreamCreated();
    if (codec.connection().numActiveStreams() == 0 && newest == lastStream) {
      context.close();
    }
    lastStream = codec.connection().numActiveStreams() == 0 ? newest : -1;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (check != null) {
      check.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
