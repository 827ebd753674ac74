package io.bulwark.cluster.apiserver.stream;

import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/**
 * How numbered channels travel in the messages of a WebSocket.
 *
 * <p>Source: k8s.io/apimachinery/pkg/util/remotecommand and k8s.io/streaming's wsstream.
 *
 * @param version 1, 4 or 5
 * @param base64 whether messages are text: a digit, then the content in Base64
 */
record ChannelProtocol(String name, int version, boolean base64) {
  /** Sent by the client with the number of a channel: no more will come on it. */
  static final int CLOSED = 255;

  private static final List<ChannelProtocol> KNOWN =
      List.of(
          new ChannelProtocol("v5.channel.k8s.io", 5, false),
          new ChannelProtocol("v4.channel.k8s.io", 4, false),
          new ChannelProtocol("v4.base64.channel.k8s.io", 4, true),
          new ChannelProtocol("channel.k8s.io", 1, false),
          new ChannelProtocol("base64.channel.k8s.io", 1, true),
          new ChannelProtocol("", 1, false));

  static List<String> names() {
    return KNOWN.stream().map(ChannelProtocol::name).toList();
  }

  static ChannelProtocol of(String name) {
    return KNOWN.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** A message taken apart. */
  record Message(int channel, byte[] content) {}

  Message parse(byte[] message) throws IOException {
    if (message.length == 0) {
      throw new IOException("message without a channel");
    }
    byte[] content = new byte[message.length - 1];
    System.arraycopy(message, 1, content, 0, content.length);
    if (!base64) {
      return new Message(message[0] & 0xff, content);
    }
    try {
      return new Message(message[0] - '0', Base64.getDecoder().decode(content));
    } catch (IllegalArgumentException malformed) {
      throw new IOException("malformed base64 message", malformed);
    }
  }

  void send(WebSocket socket, int channel, byte[] content, int length) throws IOException {
    if (base64) {
      byte[] exact = java.util.Arrays.copyOf(content, length);
      socket.writeText((char) ('0' + channel) + Base64.getEncoder().encodeToString(exact));
      return;
    }
    byte[] message = new byte[length + 1];
    message[0] = (byte) channel;
    System.arraycopy(content, 0, message, 1, length);
    socket.writeBinary(message);
  }
}
