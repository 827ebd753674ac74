package io.bulwark.cluster.network.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer of the cluster's own zone.
 *
 * @param code 0 for success (perhaps without records), 3 for a name that does not exist
 * @param records in the order in which they are sent
 * @param additional addresses of names that the records mention
 */
record DnsAnswer(int code, List<Record> records, List<Record> additional) {
  static final int NO_ERROR = 0;
  static final int SERVER_FAILURE = 2;
  static final int NO_SUCH_NAME = 3;
  static final int REFUSED = 5;

  private static final int TTL_SECONDS = 5;

  /** A resource record; {@code data} is in wire form. */
  record Record(String name, int type, byte[] data) {}

  static DnsAnswer empty(int code) {
    return new DnsAnswer(code, List.of(), List.of());
  }

  static Record address(String name, String address) {
    String[] parts = address.split("\\.", 4);
    byte[] data = new byte[4];
    for (int i = 0; i < 4; i++) {
      data[i] = (byte) Integer.parseInt(parts[i]);
    }
    return new Record(name, DnsQuestion.A, data);
  }

  static Record target(String name, int type, String target) {
    return new Record(name, type, wire(target));
  }

  static Record service(String name, int share, int port, String target) {
    byte[] host = wire(target);
    ByteBuffer data = ByteBuffer.allocate(6 + host.length);
    data.putShort((short) 0).putShort((short) share).putShort((short) port).put(host);
    return new Record(name, DnsQuestion.SRV, data.array());
  }

  static Record text(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer data = ByteBuffer.allocate(1 + bytes.length);
    data.put((byte) bytes.length).put(bytes);
    return new Record(name, DnsQuestion.TXT, data.array());
  }

  /**
   * The message to send.
   *
   * @param query the message that is answered
   * @param zone of which the answer speaks; named in the authority section when there is no record
   * @param limit in bytes; an answer that is larger is cut and says so
   */
  byte[] message(ByteBuffer query, DnsQuestion question, String zone, int limit) {
    byte[] asked = new byte[question.end() - 12];
    query.get(query.position() + 12, asked);
    boolean negative = records.isEmpty() && (code == NO_ERROR || code == NO_SUCH_NAME);
    byte[] whole =
        write(
            question,
            asked,
            records,
            negative ? List.of(authority(zone)) : List.of(),
            additional,
            false);
    if (whole.length <= limit) {
      return whole;
    }
    byte[] bare = write(question, asked, records, List.of(), List.of(), false);
    return bare.length <= limit
        ? bare
        : write(question, asked, List.of(), List.of(), List.of(), true);
  }

  private byte[] write(
      DnsQuestion question,
      byte[] asked,
      List<Record> answers,
      List<Record> authorities,
      List<Record> more,
      boolean truncated) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(question.id());
      int authoritative = code == SERVER_FAILURE || code == REFUSED ? 0 : 0x0400;
      out.writeShort(
          0x8080
              | authoritative
              | (truncated ? 0x0200 : 0)
              | (question.recursion() ? 0x0100 : 0)
              | code);
      out.writeShort(1);
      out.writeShort(answers.size());
      out.writeShort(authorities.size());
      out.writeShort(more.size());
      out.write(asked);
      for (List<Record> section : List.of(answers, authorities, more)) {
        for (Record record : section) {
          out.write(
              record.name().equals(question.name())
                  ? new byte[] {(byte) 0xc0, 12}
                  : wire(record.name()));
          out.writeShort(record.type());
          out.writeShort(1);
          out.writeInt(TTL_SECONDS);
          out.writeShort(record.data().length);
          out.write(record.data());
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static Record authority(String zone) {
    byte[] server = wire("ns.dns." + zone);
    byte[] mailbox = wire("hostmaster." + zone);
    ByteBuffer data = ByteBuffer.allocate(server.length + mailbox.length + 20);
    data.put(server)
        .put(mailbox)
        .putInt(1)
        .putInt(7200)
        .putInt(1800)
        .putInt(86400)
        .putInt(TTL_SECONDS);
    return new Record(zone, DnsQuestion.SOA, data.array());
  }

  static byte[] wire(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length() + 2);
    if (!name.isEmpty()) {
      for (String label : name.split("\\.", -1)) {
        byte[] text = label.getBytes(StandardCharsets.ISO_8859_1);
        bytes.write(Math.min(text.length, 63));
        bytes.write(text, 0, Math.min(text.length, 63));
      }
    }
    bytes.write(0);
    return bytes.toByteArray();
  }
}
