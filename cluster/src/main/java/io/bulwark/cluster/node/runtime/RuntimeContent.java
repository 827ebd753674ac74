package io.bulwark.cluster.node.runtime;

import com.google.protobuf.ByteString;
import io.bulwark.cluster.node.runtime.cri.content.ContentGrpc;
import io.bulwark.cluster.node.runtime.cri.content.GetImageRequest;
import io.bulwark.cluster.node.runtime.cri.content.ImagesGrpc;
import io.bulwark.cluster.node.runtime.cri.content.ReadContentRequest;
import io.bulwark.cluster.node.runtime.cri.content.ReadContentResponse;
import io.bulwark.cluster.node.runtime.cri.content.Target;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The names and contents of containerd's store, as they lie there. Thread-safe. */
public final class RuntimeContent {
  private static final long FIND_SECONDS = 30;

  /** For one content: a layer of many gigabytes on a slow disk takes less. */
  private static final long READ_MINUTES = 30;

  private final Channel channel;

  /** What a name means: a manifest or an index. */
  public record Meaning(String mediaType, String digest, long size) {}

  RuntimeContent(Channel channel) {
    this.channel = channel;
  }

  /**
   * What a full name means, or null if the store does not know it.
   *
   * @throws RuntimeFailure if containerd cannot be asked
   */
  public @Nullable Meaning find(String name) {
    try {
      Target target =
          ImagesGrpc.newBlockingStub(channel)
              .withInterceptors(namespace())
              .withDeadlineAfter(FIND_SECONDS, TimeUnit.SECONDS)
              .get(GetImageRequest.newBuilder().setName(name).build())
              .getImage()
              .getTarget();
      return new Meaning(target.getMediaType(), target.getDigest(), target.getSize());
    } catch (StatusRuntimeException refused) {
      if (refused.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return null;
      }
      throw new RuntimeFailure(refused);
    }
  }

  /**
   * A content by digest; reading it fails with an IOException if the store does not have it or
   * takes more than half an hour.
   */
  public InputStream open(String digest) {
    Context.CancellableContext context = Context.ROOT.withCancellation();
    Context previous = context.attach();
    try {
      Iterator<ReadContentResponse> parts =
          ContentGrpc.newBlockingStub(channel)
              .withInterceptors(namespace())
              .withDeadlineAfter(READ_MINUTES, TimeUnit.MINUTES)
              .read(ReadContentRequest.newBuilder().setDigest(digest).build());
      return new Parts(digest, parts, context);
    } finally {
      context.detach(previous);
    }
  }

  private static ClientInterceptor namespace() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), "k8s.io");
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private static final class Parts extends InputStream {
    private final String digest;
    private final Iterator<ReadContentResponse> parts;
    private final Context.CancellableContext context;
    private ByteString part = ByteString.EMPTY;
    private int at;

    Parts(String digest, Iterator<ReadContentResponse> parts, Context.CancellableContext context) {
      this.digest = digest;
      this.parts = parts;
      this.context = context;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      try {
        while (at == part.size()) {
          if (!parts.hasNext()) {
            return -1;
          }
          part = parts.next().getData();
          at = 0;
        }
      } catch (StatusRuntimeException broken) {
        String why = broken.getStatus().getDescription();
        throw new IOException("the node's store cannot give " + digest + ": " + why);
      }
      int count = Math.min(length, part.size() - at);
      part.copyTo(bytes, at, offset, count);
      at += count;
      return count;
    }

    @Override
    public void close() {
      context.cancel(null);
    }
  }
}
