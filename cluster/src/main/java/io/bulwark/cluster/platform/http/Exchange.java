package io.bulwark.cluster.platform.http;

import io.bulwark.api.failure.Rejected;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection or one HTTP/2 stream: reads a request, has it handled on a virtual
 * thread, sends the response. All state belongs to the event loop.
 */
final class Exchange extends ChannelInboundHandlerAdapter {
  private enum State {
    AWAITING,
    READING,
    HANDLING,
    RESPONDING,
    DISCARDING
  }

  private static final Duration DISCARD = Duration.ofSeconds(5);
  private static final Duration GIVE_UP = Duration.ofMillis(500);

  private final Connections server;
  private final boolean multiplexed;
  private final ArrayDeque<Object> pipelined = new ArrayDeque<>(0);
  private State state = State.AWAITING;
  private @Nullable RequestReader reader;
  private int reserved;
  private boolean keepAlive;
  private boolean refused;
  private boolean active;
  private @Nullable ChannelSink sink;
  private @Nullable BodyPump pump;
  private @Nullable Future<?> deadline;

  /**
   * @param multiplexed whether this is a stream of HTTP/2
   */
  Exchange(Connections server, boolean multiplexed) {
    this.server = server;
    this.multiplexed = multiplexed;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    arm(context, multiplexed ? server.limits().body() : server.limits().idle());
  }

  private void arm(ChannelHandlerContext context, Duration time) {
    disarm();
    deadline =
        context.executor().schedule(() -> context.close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void disarm() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (state == State.HANDLING || state == State.RESPONDING) {
      pipelined.add(message);
      context.channel().config().setAutoRead(false);
      return;
    }
    try {
      read(context, message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(ChannelHandlerContext context, Object message) {
    if (state == State.DISCARDING) {
      if (message instanceof LastHttpContent) {
        context.close();
      }
      return;
    }
    if (message instanceof HttpRequest head) {
      begin(context, head);
    }
    if (message instanceof HttpContent content && state == State.READING) {
      append(context, content);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest head) {
    state = State.READING;
    keepAlive = multiplexed || HttpUtil.isKeepAlive(head);
    if (head.decoderResult().isFailure()) {
      malformed(context, head.decoderResult().cause());
      return;
    }
    arm(context, server.limits().body());
    RequestReader started = new RequestReader(head);
    reader = started;
    if (started.announced() > Incoming.BODY_LIMIT) {
      refuse(context, Failures.tooLarge());
    } else if (HttpUtil.is100ContinueExpected(head)) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  private void malformed(ChannelHandlerContext context, Throwable cause) {
    refuse(
        context,
        switch (cause) {
          case TooLongHttpHeaderException tooLong ->
              Failures.text(431, "431 Request Header Fields Too Large");
          case TooLongHttpLineException tooLong -> Failures.text(414, "414 URI Too Long");
          default -> Failures.text(400, "400 Bad Request");
        });
    arm(context, GIVE_UP);
  }

  private void append(ChannelHandlerContext context, HttpContent content) {
    RequestReader started = reader;
    if (started == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      malformed(context, content.decoderResult().cause());
      return;
    }
    int size = content.content().readableBytes();
    if (started.length() + size > Incoming.BODY_LIMIT) {
      refuse(context, Failures.tooLarge());
      return;
    }
    if (size > 0) {
      if (!server.reserve(size)) {
        refuse(context, Failures.tooMany());
        return;
      }
      reserved += size;
      started.append(content.content());
    }
    if (content instanceof LastHttpContent) {
      dispatch(context, started);
    }
  }

  private void dispatch(ChannelHandlerContext context, RequestReader request) {
    disarm();
    state = State.HANDLING;
    Incoming incoming;
    try {
      incoming = request.incoming(credentials(context.channel()), remote(context.channel()));
    } catch (IllegalArgumentException malformed) {
      complete(context, Failures.badRequest("malformed request target"));
      return;
    }
    if (!server.enter()) {
      complete(context, Failures.tooMany());
      return;
    }
    active = true;
    server.began();
    if (!multiplexed && incoming.upgrade()) {
      context.channel().config().setAutoRead(false);
    }
    try {
      server.threads().execute(() -> handle(context, incoming));
    } catch (RejectedExecutionException stopped) {
      server.leave();
      context.close();
    }
  }

  private static Channel connection(Channel channel) {
    Channel parent = channel.parent();
    return channel.hasAttr(Connections.CREDENTIALS) || parent == null ? channel : parent;
  }

  private static Credentials credentials(Channel channel) {
    Credentials shown = connection(channel).attr(Connections.CREDENTIALS).get();
    return shown == null ? new Credentials.None() : shown;
  }

  private static String remote(Channel channel) {
    return connection(channel).remoteAddress() instanceof InetSocketAddress from
        ? from.getAddress().getHostAddress()
        : "";
  }

  /** On the request's own virtual thread. */
  private void handle(ChannelHandlerContext context, Incoming incoming) {
    Outgoing outgoing;
    try {
      outgoing = server.handler().handle(incoming);
    } catch (Rejected refused) {
      outgoing = Failures.status(refused.failure());
    } catch (Throwable bug) {
      outgoing = Failures.bug(incoming, bug);
    }
    boolean onlyHead = incoming.method().equals("HEAD");
    try {
      switch (outgoing) {
        case Outgoing.Complete whole -> context.executor().execute(() -> complete(context, whole));
        case Outgoing.Streaming stream -> stream(context, stream, onlyHead);
        case Outgoing.Upgraded upgraded ->
            context.executor().execute(() -> upgrade(context, upgraded));
      }
    } catch (RejectedExecutionException stopped) {
      context.close();
    } finally {
      server.leave();
    }
  }

  private void refuse(ChannelHandlerContext context, Outgoing.Complete refusal) {
    keepAlive = false;
    refused = true;
    complete(context, refusal);
    state = State.DISCARDING;
    context.channel().config().setAutoRead(true);
    arm(context, DISCARD);
  }

  private boolean onlyHead() {
    return reader != null && reader.head().method().name().equals("HEAD");
  }

  private void complete(ChannelHandlerContext context, Outgoing.Complete whole) {
    releaseBody();
    if (!context.channel().isActive()) {
      return;
    }
    HttpResponse head = head(whole.status(), whole.headers());
    boolean bodiless = whole.status() == 204 || whole.status() == 304;
    if (!bodiless && !(onlyHead() && head.headers().contains(HttpHeaderNames.CONTENT_LENGTH))) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(whole.length()));
    }
    state = State.RESPONDING;
    if (onlyHead() || bodiless || whole.length() <= BodyPump.PIECE) {
      ByteBuf body = onlyHead() || bodiless ? Unpooled.EMPTY_BUFFER : BodyPump.all(whole.body());
      finish(
          context,
          context.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1,
                  head.status(),
                  body,
                  head.headers(),
                  EmptyHttpHeaders.INSTANCE)));
      return;
    }
    context.write(head);
    pump = new BodyPump(context.channel(), whole.body());
    pump(context);
  }

  private HttpResponse head(int status, java.util.Map<String, String> headers) {
    HttpResponse head = ResponseHead.of(status, headers);
    if (!multiplexed) {
      keepAlive &= !server.draining();
      if (!keepAlive) {
        ResponseHead.close(head);
      } else if (reader != null && reader.head().protocolVersion().equals(HttpVersion.HTTP_1_0)) {
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
      }
    }
    return head;
  }

  private void pump(ChannelHandlerContext context) {
    if (pump == null) {
      return;
    }
    ChannelFuture last = pump.pump();
    if (last == null) {
      if (!refused) {
        arm(context, server.limits().body());
      }
    } else {
      pump = null;
      finish(context, last);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      pump(context);
    }
  }

  /** Ready for the next request, or closes the connection. */
  private void finish(ChannelHandlerContext context, ChannelFuture last) {
    ended();
    reader = null;
    sink = null;
    if (refused) {
      return;
    }
    disarm();
    if (multiplexed) {
      return;
    }
    arm(context, keepAlive ? server.limits().idle() : server.limits().body());
    if (keepAlive) {
      state = State.AWAITING;
      context.executor().execute(() -> resume(context));
    } else {
      last.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void ended() {
    if (active) {
      active = false;
      server.ended();
    }
  }

  /** Takes up requests that came before the last one was answered. */
  private void resume(ChannelHandlerContext context) {
    while ((state == State.AWAITING || state == State.READING) && !pipelined.isEmpty()) {
      channelRead(context, pipelined.poll());
    }
    if (pipelined.isEmpty() && !context.isRemoved()) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** On the request's own virtual thread. */
  private void stream(ChannelHandlerContext context, Outgoing.Streaming stream, boolean onlyHead) {
    ChannelSink made = new ChannelSink(server, context.channel(), last -> finish(context, last));
    server.streams().add(made);
    try {
      context.executor().execute(() -> startStream(context, stream, made, onlyHead));
    } catch (RejectedExecutionException stopped) {
      made.disconnected();
    }
    try {
      made.attach(stream.start().start(made));
    } catch (Throwable bug) {
      Failures.unexpected("starting a stream", bug);
      context.close();
    }
    if (onlyHead || server.draining()) {
      made.endNow();
    }
  }

  private void startStream(
      ChannelHandlerContext context,
      Outgoing.Streaming stream,
      ChannelSink made,
      boolean onlyHead) {
    releaseBody();
    if (!context.channel().isActive()) {
      made.disconnected();
      return;
    }
    state = State.RESPONDING;
    sink = made;
    boolean chunked =
        reader == null || !reader.head().protocolVersion().equals(HttpVersion.HTTP_1_0);
    keepAlive &= chunked;
    HttpResponse head = head(stream.status(), stream.headers());
    if (!multiplexed && chunked && !onlyHead) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    context.writeAndFlush(head);
    made.open();
  }

  private void upgrade(ChannelHandlerContext context, Outgoing.Upgraded upgraded) {
    releaseBody();
    disarm();
    ChannelDuplex duplex = new ChannelDuplex(context.channel());
    if (multiplexed || !context.channel().isActive()) {
      duplex.close();
      server.threads().execute(() -> duplex.run(upgraded.takeover()));
      context.close();
      return;
    }
    context
        .writeAndFlush(ResponseHead.of(upgraded.status(), upgraded.headers()))
        .addListener(
            written -> {
              ended();
              context.pipeline().addLast(duplex);
              context.pipeline().remove(this);
              context.pipeline().remove(HttpServerCodec.class);
              context.channel().config().setAutoRead(true);
              if (!context.channel().isActive()) {
                duplex.close();
              }
              server.threads().execute(() -> duplex.run(upgraded.takeover()));
            });
  }

  private void releaseBody() {
    server.giveBack(reserved);
    reserved = 0;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    disarm();
    releaseBody();
    ended();
    if (sink != null) {
      sink.disconnected();
    }
    pipelined.forEach(ReferenceCountUtil::release);
    pipelined.clear();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    disarm();
    pipelined.forEach(ReferenceCountUtil::release);
    pipelined.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
