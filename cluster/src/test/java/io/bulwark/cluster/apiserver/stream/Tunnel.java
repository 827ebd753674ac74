package io.bulwark.cluster.apiserver.stream;

import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The client's side of bytes inside binary messages of a WebSocket, short ones unfragmented. */
final class Tunnel implements Outgoing.Duplex {
  private final Outgoing.Duplex raw;
  private final DataInputStream in;
  private ByteArrayInputStream message = new ByteArrayInputStream(new byte[0]);

  Tunnel(Outgoing.Duplex raw) {
    this.raw = raw;
    this.in = new DataInputStream(raw.input());
  }

  @Override
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        while (message.available() == 0) {
          int code = in.read();
          if (code != 0x82) {
            return -1;
          }
          int size = in.readUnsignedByte();
          message =
              new ByteArrayInputStream(in.readNBytes(size == 126 ? in.readUnsignedShort() : size));
        }
        return message.read(into, offset, length);
      }
    };
  }

  @Override
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        byte[] frame = new byte[length + 8];
        frame[0] = (byte) 0x82;
        frame[1] = (byte) (0x80 | 126);
        frame[2] = (byte) (length >> 8);
        frame[3] = (byte) length;
        System.arraycopy(bytes, offset, frame, 8, length);
        raw.output().write(frame);
      }
    };
  }

  @Override
  public void close() {
    raw.close();
  }
}
