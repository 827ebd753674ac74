package io.bulwark.cluster.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** All connections of one server, and what they share. */
@Sharable
final class Connections extends ChannelInitializer<Channel> {
  static final AttributeKey<Credentials> CREDENTIALS =
      AttributeKey.valueOf(Connections.class, "credentials");

  private final @Nullable Supplier<SslContext> tls;
  private final HttpLimits limits;
  private final RequestHandler handler;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Set<ChannelSink> streams = ConcurrentHashMap.newKeySet();
  private final Map<EventLoop, Outbox> outboxes = new ConcurrentHashMap<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicLong bodyBytes = new AtomicLong();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
  private volatile boolean draining;

  Connections(@Nullable Supplier<SslContext> tls, HttpLimits limits, RequestHandler handler) {
    this.tls = tls;
    this.limits = limits;
    this.handler = handler;
  }

  HttpLimits limits() {
    return limits;
  }

  RequestHandler handler() {
    return handler;
  }

  ExecutorService threads() {
    return threads;
  }

  Set<ChannelSink> streams() {
    return streams;
  }

  /** What the streams of an event loop share. */
  Outbox outbox(EventLoop loop) {
    return outboxes.computeIfAbsent(loop, Outbox::new);
  }

  boolean draining() {
    return draining;
  }

  /** Whether one more request may run; if so, {@link #leave} must follow. */
  boolean enter() {
    if (running.incrementAndGet() > limits.requests()) {
      running.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    running.decrementAndGet();
  }

  /** A response is awaited until {@link #ended}. */
  void began() {
    unanswered.incrementAndGet();
  }

  void ended() {
    unanswered.decrementAndGet();
  }

  /** Whether so many more bytes of request bodies fit; if so, they must be given back. */
  boolean reserve(int bytes) {
    if (bodyBytes.addAndGet(bytes) > limits.bodyBytes()) {
      bodyBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(int bytes) {
    bodyBytes.addAndGet(-bytes);
  }

  @Override
  protected void initChannel(Channel channel) {
    if (draining || open.size() >= limits.connections()) {
      channel.close();
      return;
    }
    open.add(channel);
    ChannelPipeline pipeline = channel.pipeline();
    if (tls == null) {
      channel.attr(CREDENTIALS).set(new Credentials.None());
      http1(pipeline);
      return;
    }
    SslHandler handshake = tls.get().newHandler(channel.alloc(), threads);
    handshake.setHandshakeTimeoutMillis(limits.handshake().toMillis());
    handshake.setCloseNotifyFlushTimeoutMillis(1000);
    pipeline.addLast(handshake);
    pipeline.addLast(new Negotiation(handshake));
  }

  private void http1(ChannelPipeline pipeline) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.headerBytes())
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxChunkSize(64 * 1024);
    pipeline.addLast(new HttpServerCodec(config));
    pipeline.addLast(new Exchange(this, false));
  }

  private void http2(ChannelPipeline pipeline) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(limits.streams())
                    .maxHeaderListSize(limits.headerBytes())
                    .initialWindowSize(1 << 20))
            .decoderEnforceMaxRstFramesPerWindow(2000, 30)
            .gracefulShutdownTimeoutMillis(1000)
            .build();
    pipeline.addLast(codec);
    pipeline.addLast(new Http2MultiplexHandler(new Streams()));
    pipeline.addLast(new IdleStreams(codec, limits.idle()));
  }

  private static Credentials credentials(SslHandler handshake) {
    try {
      List<X509Certificate> chain = new ArrayList<>(2);
      for (Certificate shown : handshake.engine().getSession().getPeerCertificates()) {
        if (shown instanceof X509Certificate certificate) {
          chain.add(certificate);
        }
      }
      return chain.isEmpty()
          ? new Credentials.None()
          : new Credentials.Certificate(List.copyOf(chain));
    } catch (SSLPeerUnverifiedException none) {
      return new Credentials.None();
    }
  }

  /** Ends what runs, within the time that the limits give, and closes all connections. */
  void drain() {
    draining = true;
    List.copyOf(streams).forEach(ChannelSink::endNow);
    long until = System.nanoTime() + limits.drain().toNanos();
    while (unanswered.get() > 0 && System.nanoTime() < until) {
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    open.close().awaitUninterruptibly(2000);
    threads.shutdown();
  }

  /** Chooses the protocol after the TLS handshake. */
  private final class Negotiation extends ApplicationProtocolNegotiationHandler {
    private final SslHandler handshake;

    Negotiation(SslHandler handshake) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.handshake = handshake;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      context.channel().attr(CREDENTIALS).set(credentials(handshake));
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        http2(context.pipeline());
      } else {
        http1(context.pipeline());
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Sets up the streams of HTTP/2 connections. */
  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
      stream.pipeline().addLast(new Exchange(Connections.this, true));
    }
  }
}
