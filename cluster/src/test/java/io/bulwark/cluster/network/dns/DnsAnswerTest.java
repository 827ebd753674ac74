package io.bulwark.cluster.network.dns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsAnswerTest {
  private static ByteBuffer query(String name, int type) {
    byte[] wire = DnsAnswer.wire(name);
    ByteBuffer message = ByteBuffer.allocate(12 + wire.length + 4);
    message.putShort((short) 0x1234).putShort((short) 0x0100).putShort((short) 1);
    message.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    message.put(wire).putShort((short) type).putShort((short) 1);
    return message.flip();
  }

  @Test
  void readsTheQuestion() {
    DnsQuestion question = DnsQuestion.parse(query("Web.Default.svc.cluster.local", 1));
    assertEquals("web.default.svc.cluster.local", question.name());
    assertEquals(0x1234, question.id());
    assertEquals(512, question.size());
  }

  @Test
  void hostileMessagesAreRefused() {
    for (String hex :
        List.of(
            "",
            "123401000001000000000000",
            "1234010000010000000000003f61626300000100",
            "123401000001000000000000c00c00010001",
            "12348100000100000000000001610000010001")) {
      ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
      assertThrows(IllegalArgumentException.class, () -> DnsQuestion.parse(message), hex);
    }
  }

  @Test
  void anAnswerThatIsTooLargeIsCutAndSaysSo() {
    List<DnsAnswer.Record> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add(DnsAnswer.address("a.b", "10.244.0." + i));
    }
    ByteBuffer query = query("a.b", 1);
    byte[] cut =
        new DnsAnswer(0, records, List.of())
            .message(query, DnsQuestion.parse(query), "cluster.local", 512);
    assertEquals(0x02, cut[2] & 0x02);
    assertEquals(0, cut[7]);
  }

  @Test
  void aNameWithoutRecordsNamesTheZone() {
    ByteBuffer query = query("x.cluster.local", 28);
    byte[] answer =
        DnsAnswer.empty(DnsAnswer.NO_SUCH_NAME)
            .message(query, DnsQuestion.parse(query), "cluster.local", 512);
    assertEquals(3, answer[3] & 0x0f);
    assertArrayEquals(
        new byte[] {0, 0, 0, 1}, new byte[] {answer[6], answer[7], answer[8], answer[9]});
  }
}
