package io.bulwark.cluster.platform.http;

import io.bulwark.cluster.platform.Component;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTPS server: HTTP/2 and HTTP/1.1 on one port, each request handled on a virtual thread of its
 * own, streams on no thread at all.
 *
 * <p>{@link #close} refuses new connections, ends the streams, gives running requests the time that
 * {@link HttpLimits#drain} says, then closes all connections. Thread-safe.
 */
public final class HttpServer implements Component {
  private final String address;
  private final int port;
  private final Connections connections;
  private final EventLoopGroup acceptor;
  private final EventLoopGroup workers;
  private volatile @Nullable Channel listening;

  /**
   * @param address textual IP address to listen on
   * @param port 0 for any free one
   * @param tls asked for each connection, so that certificates can be changed while the server
   *     runs; null for plain HTTP/1.1
   */
  public HttpServer(
      String address, int port, @Nullable Supplier<SslContext> tls, RequestHandler handler) {
    this(address, port, tls, HttpLimits.DEFAULT, handler);
  }

  public HttpServer(
      String address,
      int port,
      @Nullable Supplier<SslContext> tls,
      HttpLimits limits,
      RequestHandler handler) {
    this.address = address;
    this.port = port;
    this.connections = new Connections(tls, limits, handler);
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    acceptor =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("http-accept", true), sockets());
    workers =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("http", true), sockets());
  }

  private static IoHandlerFactory sockets() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /**
   * @throws IOException if the port is taken or the address is not of this machine
   */
  @Override
  public void start() throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(acceptor, workers)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 * 1024, 256 * 1024))
            .childHandler(connections);
    var bound = bootstrap.bind(address, port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      Throwable cause = bound.cause();
      throw new IOException(
          "cannot listen on " + address + ":" + port + ": " + cause.getMessage(), cause);
    }
    listening = bound.channel();
  }

  /** Where the server listens; only after {@link #start}. */
  public InetSocketAddress address() {
    Channel open = listening;
    if (open == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) open.localAddress();
  }

  /** The port that the server listens on; only after {@link #start}. */
  public int port() {
    return address().getPort();
  }

  @Override
  public void close() {
    Channel open = listening;
    if (open != null) {
      open.close().awaitUninterruptibly();
    }
    connections.drain();
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    workers.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    acceptor.terminationFuture().awaitUninterruptibly();
  }
}
