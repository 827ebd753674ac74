package io.bulwark.cluster.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends the slices of a whole response as fast as the client takes them. Event loop only. */
final class BodyPump {
  static final int PIECE = 64 * 1024;

  private final Channel channel;
  private final List<Outgoing.Slice> slices;
  private int at;
  private int offset;

  BodyPump(Channel channel, List<Outgoing.Slice> slices) {
    this.channel = channel;
    this.slices = slices;
  }

  /** Sends what can be sent now; returns the last write when all is sent, else null. */
  @Nullable ChannelFuture pump() {
    while (at < slices.size()) {
      if (!channel.isWritable()) {
        channel.flush();
        if (!channel.isWritable()) {
          return null;
        }
      }
      ByteBuf piece = piece();
      if (at == slices.size()) {
        return channel.writeAndFlush(new DefaultLastHttpContent(piece));
      }
      channel.writeAndFlush(new DefaultHttpContent(piece));
    }
    return channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Everything in one buffer that shares the slices' bytes. */
  static ByteBuf all(List<Outgoing.Slice> slices) {
    ByteBuf[] parts = new ByteBuf[slices.size()];
    for (int i = 0; i < parts.length; i++) {
      Outgoing.Slice slice = slices.get(i);
      parts[i] = Unpooled.wrappedBuffer(slice.bytes(), slice.offset(), slice.length());
    }
    return parts.length == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(parts.length, parts);
  }

  private ByteBuf piece() {
    List<ByteBuf> parts = new ArrayList<>();
    int size = 0;
    while (at < slices.size() && size < PIECE) {
      Outgoing.Slice slice = slices.get(at);
      int take = Math.min(slice.length() - offset, PIECE - size);
      if (take > 0) {
        parts.add(Unpooled.wrappedBuffer(slice.bytes(), slice.offset() + offset, take));
      }
      size += take;
      offset += take;
      if (offset == slice.length()) {
        at++;
        offset = 0;
      }
    }
    return Unpooled.wrappedBuffer(Math.max(1, parts.size()), parts.toArray(new ByteBuf[0]));
  }
}
