package io.bulwark.cluster.node.runtime;

import com.google.protobuf.InvalidProtocolBufferException;
import io.bulwark.cluster.node.runtime.cri.events.Envelope;
import io.bulwark.cluster.node.runtime.cri.events.EventsGrpc;
import io.bulwark.cluster.node.runtime.cri.events.SubscribeRequest;
import io.bulwark.cluster.node.runtime.cri.events.TaskExit;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.function.Consumer;

/** Tells at once when a container ends, so that nothing has to poll for it. */
public final class RuntimeNotices implements AutoCloseable {
  private final Channel channel;
  private final Context.CancellableContext context = Context.ROOT.withCancellation();

  RuntimeNotices(Channel channel) {
    this.channel = channel;
  }

  /**
   * Passes on the id of each container or sandbox whose main process ended, until the stream breaks
   * or {@link #close()}. Blocks.
   *
   * @throws RuntimeFailure when the stream breaks
   */
  public void forEach(Consumer<String> ended) {
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .addFilters("namespace==k8s.io,topic==\"/tasks/exit\"")
            .build();
    Context previous = context.attach();
    try {
      Iterator<Envelope> events = EventsGrpc.newBlockingStub(channel).subscribe(request);
      while (events.hasNext()) {
        TaskExit exit = TaskExit.parseFrom(events.next().getEvent().getValue());
        if (exit.getContainerId().equals(exit.getId())) {
          ended.accept(exit.getContainerId());
        }
      }
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException(unreadable);
    } catch (StatusRuntimeException broken) {
      throw new RuntimeFailure(broken);
    } finally {
      context.detach(previous);
    }
  }

  @Override
  public void close() {
    context.cancel(null);
  }
}
