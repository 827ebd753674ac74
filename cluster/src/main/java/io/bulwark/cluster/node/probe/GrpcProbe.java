package io.bulwark.cluster.node.probe;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks {@code grpc.health.v1.Health/Check}. Source: gRPC health checking protocol. */
final class GrpcProbe {
  private static final int SERVING = 1;
  private static final MethodDescriptor<byte[], byte[]> CHECK =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private GrpcProbe() {}

  static ProbeOutcome run(String host, int port, String service, Duration limit) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(host, port)
            .userAgent("kube-probe/1.36")
            .usePlaintext()
            .build();
    try {
      byte[] answer =
          ClientCalls.blockingUnaryCall(
              channel,
              CHECK,
              CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS),
              request(service));
      int status = status(answer);
      return status == SERVING
          ? new ProbeOutcome.Passed()
          : new ProbeOutcome.Failed(
              "service unhealthy (responded with \"%s\")"
                  .formatted(status == 2 ? "NOT_SERVING" : "UNKNOWN"));
    } catch (StatusRuntimeException refused) {
      Status.Code code = refused.getStatus().getCode();
      if (code == Status.Code.UNIMPLEMENTED) {
        return new ProbeOutcome.Failed(
            "error: this server does not implement the grpc health protocol"
                + " (grpc.health.v1.Health): "
                + refused.getStatus().getDescription());
      }
      return new ProbeOutcome.Failed(
          code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.UNAVAILABLE
              ? "timeout: failed to connect service \"%s:%d\" within %ds: context deadline exceeded"
                  .formatted(host, port, limit.toSeconds())
              : "error: health rpc probe failed: " + refused.getMessage());
    } finally {
      channel.shutdownNow();
    }
  }

  private static byte[] request(String service) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      if (!service.isEmpty()) {
        out.writeString(1, service);
      }
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static int status(byte[] answer) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(answer);
      int tag = in.readTag();
      return tag >>> 3 == 1 ? in.readEnum() : 0;
    } catch (IOException malformed) {
      return 0;
    }
  }

  /** Passes bytes through. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
