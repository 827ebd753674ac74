package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.fuzz.Target;
import io.bulwark.cluster.image.inventory.Cataloger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** The parsers of what languages, run-times and servers leave in images, for the fuzzer. */
public final class LanguageTargets {
  private static final String MODULES =
      "path\te.org/t\nmod\te.org/t\t(devel)\t\ndep\tg.com/a/b\tv1.2.3\th1:x=\n"
          + "dep\tg.com/c\tv0.1.0\n=>\tg.com/e/v2\tv2.0.1\th1:y=\nbuild\t-ldflags=\"-X e.V=1.4.2\"\n";
  private static final String CRATES =
      "{\"packages\":[{\"name\":\"a\",\"version\":\"1.0.0\",\"source\":\"crates.io\","
          + "\"kind\":\"build\"},{\"name\":\"b\",\"version\":\"2.0.0\",\"source\":\"registry\","
          + "\"dependencies\":[0],\"root\":true}]}";

  private LanguageTargets() {}

  public static List<Target> all() {
    ByteOrder little = ByteOrder.LITTLE_ENDIAN;
    byte[] inline = Programs.inline("go1.22.3", MODULES);
    byte[] big = Programs.pointers(ByteOrder.BIG_ENDIAN, true, "go1.17", MODULES);
    byte[] narrow = Programs.pointers(little, false, "go1.17", MODULES);
    Cataloger program = new ProgramCataloger();
    Target audit =
        text(
            "rust-audit",
            "/usr/bin/t",
            program,
            List.of(CRATES),
            Target.json("packages", "name", "version", "source", "kind", "root"));
    return List.of(
        archives(),
        jar("jar-nested", "/a/b.war", nested()),
        jar("jar-tomcat", "/opt/tomcat/lib/catalina.jar", tomcat()),
        Target.text(
            "jar-manifest",
            List.of(
                "Manifest-Version: 1.0\r\nImplementation-Title: a\r\n b\r\n"
                    + "Bundle-SymbolicName: \"x.y\";z\r\nImplementation-Version: 1\r\n\r\nName: n\r\n"),
            List.of(": ", "\r\n", "\n ", "\"", ";", "Bundle-SymbolicName"),
            input -> {
              Manifest manifest = Manifest.read(input);
              manifest.symbolicName();
              manifest.text("Implementation-Version");
            }),
        Target.text(
            "jar-name",
            List.of(
                "/a/log4j-core-2.14.1-sources.jar", "/b/x.y_z-1.0.Final.war", "/guava-31-jre.jar"),
            List.of("-", ".", "/", ".jar", "SNAPSHOT", "1", "_", "!"),
            input -> ArchiveName.of(Target.text(input))),
        text(
            "java-release",
            "/opt/java/release",
            new RuntimeCataloger(),
            List.of(
                "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_RUNTIME_VERSION=\"21.0.2+13-LTS\"\n"
                    + "JAVA_VERSION=\"21.0.2\"\n"),
            List.of("=", "\"", "\\u00", "\\", "\n", "JAVA_VERSION=", ":")),
        text(
            "npm-package",
            "/a/node_modules/b/package.json",
            new NpmPackageCataloger(),
            List.of("{\"name\":\"@a/b\",\"version\":\"1.0.0\",\"x\":{\"y\":[1,2]}}"),
            Target.json("name", "version")),
        text(
            "npm-lock",
            "/a/package-lock.json",
            new NpmLockCataloger(),
            List.of(
                "{\"lockfileVersion\":3,\"packages\":{\"\":{\"name\":\"app\"},"
                    + "\"node_modules/a/node_modules/@s/b\":{\"version\":\"2.0.0\"},"
                    + "\"node_modules/c\":{\"name\":\"r\",\"version\":\"3.0.0\",\"dev\":true}}}",
                "{\"dependencies\":{\"a\":{\"version\":\"1.1.1\",\"dependencies\":{\"b\":"
                    + "{\"version\":\"npm:@s/r@3.0.0\"}}}}}"),
            Target.json("packages", "dependencies", "version", "name", "dev", "node_modules/a")),
        text(
            "yarn-lock",
            "/a/yarn.lock",
            new YarnLockCataloger(),
            List.of(
                "\"@s/a@^7.0.0\", \"@s/a@^7.1.0\":\n  version \"7.1.2\"\n  dependencies:\n"
                    + "    version \"no\"\n\nal@npm:real@^1.0.0:\n  version \"1.5.0\"\n",
                "__metadata:\n  version: 6\n\n\"@s/a@npm:^7.0.0, b@npm:1\":\n  version: 7.1.2\n"
                    + "  resolution: \"@s/a@npm:7.1.2\"\n"),
            List.of("@", "\"", ", ", ":\n", "\n  version ", "npm:", "\n", "  resolution: ")),
        text(
            "pnpm-lock",
            "/a/pnpm-lock.yaml",
            new PnpmLockCataloger(),
            List.of(
                "lockfileVersion: '9.0'\n\npackages:\n\n  /@s/five/5.0.0_r@1:\n    dev: false\n"
                    + "  /@s/six@6.0.0(react@18.2.0):\n    x: 1\n  'n@9.0.0':\n\nsnapshots:\n"),
            List.of("packages:\n", "  /", "@", "(", ")", ":\n", "'", "\n    dev: true", "_")),
        text(
            "python-metadata",
            "/s/a.dist-info/METADATA",
            new PythonCataloger(),
            List.of("Metadata-Version: 2.1\r\nName: Zope.I_x\r\nVersion: 5.4.0\r\n\r\nbody\n"),
            List.of("Name: ", "Version: ", "\n", "\r\n\r\n", "\n ", "1!2.0+local", "_")),
        text(
            "python-requirements",
            "/a/requirements.txt",
            new RequirementsCataloger(),
            List.of(
                "# c\nFlask==2.0.1\nr[security]==2.26.0 ; python_version >= \"3.6\"\n"
                    + "u == 1.26.6 --hash=sha256:00\n"),
            List.of("==", "===", "[", "]", ";", "#", "\\\n", " ", "!=", "*")),
        Target.binary(
            "go-elf",
            input -> program.catalog(new MemoryFile("/usr/bin/t", input)),
            Programs.elf(little, true, ".go.buildinfo", inline),
            Programs.elf(ByteOrder.BIG_ENDIAN, true, ".go.buildinfo", big),
            Programs.elf(little, false, ".go.buildinfo", narrow)),
        Target.binary(
            "go-pe",
            input -> program.catalog(new MemoryFile("/usr/bin/t.exe", input)),
            Programs.pe(".data", inline)),
        Target.binary(
            "go-mach",
            input -> program.catalog(new MemoryFile("/usr/bin/t", input)),
            Programs.mach("__go_buildinfo", inline)),
        audit.finished(LanguageTargets::audited),
        text(
            "cargo-lock",
            "/a/Cargo.lock",
            new CargoLockCataloger(),
            List.of(
                "version = 3\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n"
                    + "source = \"registry+https://g.com/i\"\n\n[[package]]\nname = \"own\"\n"),
            List.of("[[package]]", "name = ", "version = ", "source = \"registry+", "\"", "\n")));
  }

  private static Target text(
      String name, String path, Cataloger cataloger, List<String> samples, List<String> words) {
    return Target.text(
        name, samples, words, input -> cataloger.catalog(new MemoryFile(path, input)));
  }

  private static Target jar(String name, String path, byte[]... samples) {
    Cataloger cataloger = new ArchiveCataloger(ArchiveDigests.NONE);
    return Target.binary(name, input -> cataloger.catalog(new MemoryFile(path, input)), samples);
  }

  private static Target archives() {
    byte[] told =
        Archives.begin()
            .manifest("Implementation-Title: a", "Implementation-Version: 1")
            .stored(
                "META-INF/maven/g/a/pom.properties",
                "groupId=g\nartifactId=a\nversion=1\n".getBytes(StandardCharsets.UTF_8))
            .file("g/A.class", "")
            .bytes();
    byte[] plain =
        Archives.begin()
            .stored(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\nBundle-SymbolicName: x.y\nBundle-Version: 2\n"
                    .getBytes(StandardCharsets.UTF_8))
            .bytes();
    return jar("jar", "/a/a-1.jar", told, plain);
  }

  private static byte[] nested() {
    byte[] inner = Archives.begin().pom("g", "i", "2").bytes();
    byte[] middle = Archives.begin().stored("lib/i-2.jar", inner).file("j-3.jar", inner).bytes();
    return Archives.begin().stored("WEB-INF/lib/m-1.jar", middle).bytes();
  }

  private static byte[] tomcat() {
    return Archives.begin()
        .stored(
            "org/apache/catalina/util/ServerInfo.properties",
            "server.info=Apache Tomcat/9.0.1\nserver.number=9.0.1.0\n"
                .getBytes(StandardCharsets.UTF_8))
        .manifest("Implementation-Title: Apache Tomcat", "Implementation-Version: 9.0.1")
        .bytes();
  }

  private static byte[] audited(byte[] json, SplittableRandom random) {
    byte[] packed = Programs.audit(new String(json, StandardCharsets.ISO_8859_1));
    if (random.nextInt(3) == 0) {
      packed[random.nextInt(packed.length)] = (byte) random.nextInt(256);
    }
    return Programs.elf(ByteOrder.LITTLE_ENDIAN, true, ".dep-v0", packed);
  }
}
