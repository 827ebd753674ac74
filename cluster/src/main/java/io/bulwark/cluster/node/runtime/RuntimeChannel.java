package io.bulwark.cluster.node.runtime;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** gRPC over a unix socket with one event loop thread. */
final class RuntimeChannel implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("runtime-io").factory(), NioIoHandler.newFactory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private final ManagedChannel channel;

  RuntimeChannel(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .executor(callbacks)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Connects at once instead of waiting for the next attempt. */
  void reconnect() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    callbacks.close();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
