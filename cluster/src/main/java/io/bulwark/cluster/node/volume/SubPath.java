package io.bulwark.cluster.node.volume;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Binds a part of a volume. A container may change links in its volume at any moment, so the part
 * is opened with {@code openat2} and {@code RESOLVE_BENEATH}, and the open file, not its name, is
 * mounted.
 */
final class SubPath {
  private static final long OPENAT2 = 437;
  private static final int O_PATH = 0x200000;
  private static final int O_CLOEXEC = 0x80000;
  private static final long RESOLVE_BENEATH_NO_MAGIC = 0x08 | 0x02;
  private static final int NOT_FOUND = 2;
  private static final int AT_FDCWD = -100;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSTEM_CALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("syscall").orElseThrow(),
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("close").orElseThrow(),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private SubPath() {}

  static Path bind(Path volume, String subPath, Path target, boolean readOnly)
      throws VolumeFailure {
    int root = -1;
    int part = -1;
    try {
      if (Mounts.mounted(target)) {
        return target;
      }
      root = open(AT_FDCWD, volume.toString(), false);
      part = open(root, subPath, true);
      if (part == -NOT_FOUND) {
        make(root, Path.of(subPath), Modes.get(volume));
        part = open(root, subPath, true);
      }
      if (root < 0 || part < 0) {
        throw new VolumeFailure(
            "failed to prepare subPath " + subPath + ": it leads out of the volume");
      }
      Path opened = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", "" + part);
      Files.createDirectories(target);
      if (!Files.isDirectory(opened)) {
        Files.delete(target);
        Files.createFile(target);
      }
      Mounts.bind(opened.toString(), target, readOnly);
      return target;
    } catch (IOException refused) {
      throw new VolumeFailure("failed to prepare subPath " + subPath + ": " + refused, refused);
    } finally {
      close(part);
      close(root);
    }
  }

  private static void make(int root, Path subPath, int mode) throws IOException, VolumeFailure {
    for (int depth = 1; depth <= subPath.getNameCount(); depth++) {
      Path prefix = subPath.subpath(0, depth);
      int there = open(root, prefix.toString(), true);
      if (there >= 0) {
        close(there);
        continue;
      }
      int parent = depth == 1 ? root : open(root, subPath.subpath(0, depth - 1).toString(), true);
      if (parent < 0 || there != -NOT_FOUND) {
        throw new VolumeFailure("failed to prepare subPath " + subPath + ": cannot be made");
      }
      Path made =
          Path.of("/proc/self/fd", "" + parent).resolve(String.valueOf(prefix.getFileName()));
      try {
        Files.createDirectory(made);
        Modes.set(made, mode);
      } finally {
        if (parent != root) {
          close(parent);
        }
      }
    }
  }

  /** A file descriptor, or the negated error number. */
  private static int open(int directory, String path, boolean beneath) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(24, 8);
      how.set(ValueLayout.JAVA_LONG, 0, O_PATH | O_CLOEXEC);
      how.set(ValueLayout.JAVA_LONG, 16, beneath ? RESOLVE_BENEATH_NO_MAGIC : 0);
      MemorySegment state = arena.allocate(STATE);
      long result =
          (long)
              SYSTEM_CALL.invokeExact(
                  state, OPENAT2, directory, arena.allocateFrom(path), how, 24L);
      return result >= 0 ? (int) result : -(int) ERROR.get(state, 0L);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void close(int descriptor) {
    if (descriptor >= 0) {
      try {
        int ignored = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
