package io.bulwark.cluster.image.build;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The program that holds a pod's namespaces, as a static ELF executable of about 200 bytes that is
 * assembled here, so that no compiler and no download is needed.
 *
 * <p>In both instruction sets it blocks SIGINT, SIGTERM and SIGCHLD and then waits for them ({@code
 * rt_sigtimedwait} without a time limit): a SIGCHLD makes it collect every child that ended (it is
 * process 1 when a pod shares its process namespace), any other signal makes it exit with 0. It
 * allocates nothing and opens nothing.
 */
public final class PauseProgram {
  private static final int LOAD_ADDRESS = 0x400000;
  private static final int HEADERS = 64 + 56;
  private static final int SIGNALS = 1 << 1 | 1 << 14 | 1 << 16;
  private static final int SIGCHLD = 17;

  private PauseProgram() {}

  /**
   * The executable for an architecture.
   *
   * @param architecture {@code amd64} or {@code arm64}
   * @throws IllegalArgumentException for any other
   */
  public static byte[] executable(String architecture) {
    return switch (architecture) {
      case "amd64" -> elf(0x3E, amd64());
      case "arm64" -> elf(0xB7, arm64());
      default -> throw new IllegalArgumentException("no pause program for " + architecture);
    };
  }

  private static byte[] elf(int machine, byte[] code) {
    int size = HEADERS + code.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    file.putShort((short) 2).putShort((short) machine).putInt(1);
    file.putLong(LOAD_ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0);
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    file.putInt(1).putInt(5).putLong(0).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS);
    file.putLong(size).putLong(size).putLong(0x1000);
    return file.put(code).array();
  }

  private static byte[] amd64() {
    ByteBuffer code = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    code.put((byte) 0x68).putInt(SIGNALS);
    amd64Number(code, 14);
    bytes(code, 0x31, 0xFF, 0x48, 0x89, 0xE6, 0x31, 0xD2);
    amd64SetSizeAndCall(code);
    int wait = code.position();
    amd64Number(code, 128);
    bytes(code, 0x48, 0x89, 0xE7, 0x31, 0xF6, 0x31, 0xD2);
    amd64SetSizeAndCall(code);
    bytes(code, 0x83, 0xF8, SIGCHLD, 0x74, 0);
    int toReap = code.position();
    bytes(code, 0x85, 0xC0, 0x78, wait - (code.position() + 4));
    amd64Number(code, 60);
    bytes(code, 0x31, 0xFF, 0x0F, 0x05);
    int reap = code.position();
    code.put(toReap - 1, (byte) (reap - toReap));
    amd64Number(code, 61);
    bytes(code, 0xBF, 0xFF, 0xFF, 0xFF, 0xFF, 0x31, 0xF6, 0xBA, 1, 0, 0, 0);
    bytes(code, 0x45, 0x31, 0xD2, 0x0F, 0x05);
    bytes(code, 0x85, 0xC0, 0x7F, reap - (code.position() + 4));
    bytes(code, 0xEB, wait - (code.position() + 2));
    return written(code);
  }

  private static void amd64Number(ByteBuffer code, int systemCall) {
    code.put((byte) 0xB8).putInt(systemCall);
  }

  private static void amd64SetSizeAndCall(ByteBuffer code) {
    bytes(code, 0x41, 0xBA, 8, 0, 0, 0, 0x0F, 0x05);
  }

  private static byte[] arm64() {
    ByteBuffer code = ByteBuffer.allocate(192).order(ByteOrder.LITTLE_ENDIAN);
    code.putInt(0xD10043FF);
    code.putInt(move(9, SIGNALS & 0xFFFF)).putInt(0xF2A00000 | (SIGNALS >> 16) << 5 | 9);
    code.putInt(0xF90003E9);
    arm64Call(code, 135, move(0, 0), 0x910003E1, move(2, 0), move(3, 8));
    int wait = code.position();
    arm64Call(code, 137, 0x910003E0, move(1, 0), move(2, 0), move(3, 8));
    code.putInt(compare(SIGCHLD));
    int toReap = code.position();
    code.putInt(0).putInt(compare(0));
    code.putInt(branchIf(11, wait - code.position()));
    arm64Call(code, 93, move(0, 0));
    int reap = code.position();
    code.putInt(toReap, branchIf(0, reap - toReap));
    arm64Call(code, 260, 0x92800000, move(1, 0), move(2, 1), move(3, 0));
    code.putInt(compare(0)).putInt(branchIf(12, reap - (code.position() + 4)));
    code.putInt(0x14000000 | (((wait - code.position()) / 4) & 0x3FFFFFF));
    return written(code);
  }

  private static void arm64Call(ByteBuffer code, int systemCall, int... arguments) {
    for (int argument : arguments) {
      code.putInt(argument);
    }
    code.putInt(move(8, systemCall)).putInt(0xD4000001);
  }

  private static int move(int register, int value) {
    return 0xD2800000 | value << 5 | register;
  }

  private static int compare(int value) {
    return 0xF100001F | value << 10;
  }

  private static int branchIf(int condition, int distance) {
    return 0x54000000 | (distance / 4 & 0x7FFFF) << 5 | condition;
  }

  private static void bytes(ByteBuffer code, int... values) {
    for (int value : values) {
      code.put((byte) value);
    }
  }

  private static byte[] written(ByteBuffer code) {
    byte[] written = new byte[code.position()];
    code.get(0, written);
    return written;
  }
}
