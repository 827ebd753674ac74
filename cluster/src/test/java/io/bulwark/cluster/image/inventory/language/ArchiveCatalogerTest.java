package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.PartlyRead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchiveCatalogerTest {
  private final ArchiveCataloger cataloger = new ArchiveCataloger(ArchiveDigests.NONE);

  private List<String> found(String path, byte[] archive) throws IOException {
    try {
      return new MemoryFile(path, archive).found(cataloger);
    } catch (PartlyRead damaged) {
      return damaged.components().stream().map(MemoryFile::text).toList();
    }
  }

  @Test
  void namesAnArchiveByItsOwnPomAndWhatWasShadedIntoItByTheirs() throws IOException {
    byte[] jar =
        Archives.begin()
            .pom("com.google.guava", "guava", "31.1-jre")
            .pom("org.example", "tool", "1.2")
            .bytes();
    assertEquals(
        List.of("org.example:tool 1.2", "com.google.guava:guava 31.1-jre"),
        found("/app/tool-1.2-all.jar", jar));
  }

  @Test
  void keepsAPomsWordOverARenamedFile() throws IOException {
    byte[] jar = Archives.begin().pom("org.example", "tool", "1.2").bytes();
    assertEquals(List.of("org.example:tool 1.2"), found("/app/app.jar", jar));
  }

  @Test
  void tellsALibraryShadedAloneFromTheArchiveAroundIt() throws IOException {
    byte[] jar =
        Archives.begin()
            .pom("com.google.guava", "guava", "31.1-jre")
            .file("org/example/tool/Main.class", "")
            .file("org/example/tool/more/Other.class", "")
            .bytes();
    assertEquals(
        List.of("org.example.tool:tool 3.0", "com.google.guava:guava 31.1-jre"),
        found("/app/tool-3.0.jar", jar));
  }

  @Test
  void readsArchivesInsideArchivesStoredOrDeflated() throws IOException {
    byte[] inner = Archives.begin().pom("g", "inner", "1").bytes();
    byte[] middle = Archives.begin().stored("lib/inner.jar", inner).pom("g", "middle", "2").bytes();
    byte[] outer =
        Archives.begin().file("WEB-INF/lib/middle.jar", middle).pom("g", "outer", "3").bytes();
    List<Component> components = cataloger.catalog(new MemoryFile("/srv/outer.war", outer));
    assertEquals(
        List.of(
            "/srv/outer.war!/WEB-INF/lib/middle.jar!/lib/inner.jar g:inner",
            "/srv/outer.war!/WEB-INF/lib/middle.jar g:middle",
            "/srv/outer.war g:outer"),
        components.stream().map(each -> each.path() + " " + each.name()).toList());
    assertEquals("pkg:maven/g/outer@3", components.getLast().purl());
  }

  @Test
  void findsTheArchiveBehindAStartScript() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write("#!/bin/sh\nexec java -jar \"$0\"\n".getBytes(StandardCharsets.UTF_8));
    file.write(Archives.begin().pom("g", "app", "1").bytes());
    assertEquals(List.of("g:app 1"), found("/app.jar", file.toByteArray()));
  }

  @Test
  void readsAnArchiveWhoseDirectoryIsCutOff() throws IOException {
    byte[] jar = Archives.begin().pom("g", "app", "1").manifest("A: b").bytes();
    assertEquals(List.of("g:app 1"), found("/app.jar", Arrays.copyOf(jar, jar.length - 30)));
  }

  @Test
  void takesManifestAndNameWhereThereIsNoPom() throws IOException {
    byte[] bundle =
        Archives.begin()
            .manifest("Bundle-SymbolicName: org.apache.felix.", " gogo.runtime;singleton:=true")
            .bytes();
    assertEquals(
        List.of("org.apache.felix:gogo.runtime 1.1.4"), found("/x/gogo.runtime-1.1.4.jar", bundle));
    byte[] spring =
        Archives.begin()
            .manifest("Implementation-Title: spring-core", "Implementation-Version: 5.3.9")
            .bytes();
    assertEquals(List.of("org.springframework:spring-core 5.3.9"), found("/x/core.jar", spring));
    byte[] grpc = Archives.begin().file("io/grpc/stub/A.class", "").bytes();
    assertEquals(List.of("io.grpc:grpc-stub 1.60.0"), found("/x/grpc-stub-1.60.0.jar", grpc));
    assertEquals(List.of(), found("/x/app.jar", Archives.begin().manifest("A: b").bytes()));
  }

  @Test
  void derivesTheGroupFromThePackageOfTheClasses() throws IOException {
    byte[] jar =
        Archives.begin()
            .file("net/acme/frame/web/A.class", "")
            .file("net/acme/frame/web/internal/B.class", "")
            .bytes();
    assertEquals(List.of("net.acme.frame:frame-web 2.0"), found("/x/frame-web-2.0.jar", jar));
  }

  @Test
  void knowsATomcatInstallationAndItsLibraries() throws IOException {
    byte[] catalina =
        Archives.begin()
            .manifest("Implementation-Title: Apache Tomcat", "Implementation-Version: 9.0.70")
            .file(
                "org/apache/catalina/util/ServerInfo.properties",
                "server.info=Apache Tomcat/9.0.70 (Debian)\nserver.number=9.0.70.0\n")
            .bytes();
    List<Component> components =
        cataloger.catalog(new MemoryFile("/opt/tomcat/lib/catalina.jar", catalina));
    assertEquals(
        List.of("org.apache.tomcat:tomcat 9.0.70", "org.apache.tomcat:tomcat-catalina 9.0.70"),
        components.stream().map(MemoryFile::text).toList());
    assertEquals(Component.Kind.SERVER, components.getFirst().kind());
    byte[] interfaces =
        Archives.begin()
            .manifest(
                "Bundle-SymbolicName: org.apache.tomcat-el-api",
                "Bundle-Version: 9.0.70",
                "Implementation-Title: javax.el",
                "Implementation-Version: 3.0.FR")
            .bytes();
    assertEquals(
        List.of("org.apache.tomcat:tomcat-el-api 9.0.70"),
        found("/opt/tomcat/lib/el-api.jar", interfaces));
    assertEquals(Component.Kind.LIBRARY, components.getLast().kind());
    assertEquals(
        List.of("org.apache.tomcat.embed:tomcat-embed-core 9.0.70"),
        found("/app.jar!/BOOT-INF/lib/tomcat-embed-core-9.0.70.jar", catalina));
  }

  @Test
  void leavesTheClassLibraryToTheRuntime() throws IOException {
    byte[] jar =
        Archives.begin()
            .manifest(
                "Implementation-Title: Java Runtime Environment", "Implementation-Version: 17.0.8")
            .bytes();
    assertEquals(List.of(), found("/opt/java/lib/jrt-fs.jar", jar));
  }

  @Test
  void asksTheDigestsBeforeItGuesses() throws IOException {
    Coordinates known = new Coordinates("org.known", "thing", "7");
    ArchiveCataloger knowing = new ArchiveCataloger(sha1 -> sha1.length == 20 ? known : null);
    byte[] jar = Archives.begin().file("a", "b").bytes();
    assertEquals(
        List.of("org.known:thing 7"), new MemoryFile("/lib/unknown.jar", jar).found(knowing));
  }

  @Test
  void namesADamagedNestedArchiveByItsFile() throws IOException {
    byte[] outer =
        Archives.begin().file("lib/junit-4.12.jar", "no archive").pom("g", "app", "1").bytes();
    assertEquals(List.of("junit:junit 4.12", "g:app 1"), found("/app.jar", outer));
  }

  @Test
  void refusesWhatIsNoArchive() {
    byte[] noise = new byte[5000];
    Arrays.fill(noise, (byte) 'P');
    assertThrows(IOException.class, () -> found("/app.jar", noise));
    assertThrows(IOException.class, () -> found("/app.jar", new byte[] {'P', 'K'}));
  }

  @Test
  void refusesArchivesNestedTooDeep() {
    byte[] jar = Archives.begin().pom("g", "a", "1").bytes();
    for (int i = 0; i < 40; i++) {
      jar =
          i % 2 == 0
              ? Archives.begin().file("n.jar", jar).bytes()
              : Archives.begin().stored("n.jar", jar).bytes();
    }
    byte[] bomb = jar;
    IOException refused = assertThrows(IOException.class, () -> found("/bomb.jar", bomb));
    assertTrue(refused.toString().contains("deep"), refused.toString());
  }

  @Test
  void refusesNamesThatGrowWithEveryArchiveAroundThem() {
    byte[] jar = Archives.begin().file("x-1.jar", "damaged").bytes();
    byte[] bomb = Archives.begin().stored("a".repeat(5_000) + ".jar", jar).bytes();
    IOException refused = assertThrows(IOException.class, () -> found("/bomb.jar", bomb));
    assertTrue(refused.toString().contains("path"), refused.toString());
  }

  @Test
  void refusesArchivesThatDecompressToTooMuch() {
    byte[] zeros = new byte[24 << 20];
    Archives many = Archives.begin();
    for (int i = 0; i < 16; i++) {
      many.file("lib/zeros" + i + ".jar", zeros);
    }
    byte[] bomb = many.bytes();
    assertTrue(bomb.length < 1 << 20);
    IOException refused = assertThrows(IOException.class, () -> found("/bomb.jar", bomb));
    assertTrue(refused.toString().contains("too many bytes"), refused.toString());
  }

  @Test
  void takesTheVersionOfAPomWhosePropertiesWereLeftOut() throws IOException {
    String pom =
        "<?xml version='1.0'?><project xmlns='http://maven.apache.org/POM/4.0.0'><parent><groupId>g"
            + "</groupId><version>%s</version></parent>%s<dependencies><dependency><version>9"
            + "</version></dependency></dependencies></project>";
    byte[] own =
        Archives.begin()
            .file("META-INF/maven/g/a/pom.xml", pom.formatted("1", "<version>2.0</version>"))
            .file("META-INF/maven/g/b/pom.xml", pom.formatted("1.5", "<artifactId>b</artifactId>"))
            .pom("g", "c", "3")
            .file("META-INF/maven/g/c/pom.xml", pom.formatted("4", ""))
            .file("META-INF/maven/g/d/pom.xml", "<!DOCTYPE p SYSTEM 'file:///etc/passwd'><project>")
            .bytes();
    assertEquals(List.of("g:c 3", "g:a 2.0", "g:b 1.5"), found("/app/shaded.jar", own));
  }

  @Test
  void saysWhatIsDamagedAndShowsTheRest() throws IOException {
    byte[] outer =
        Archives.begin().file("lib/junit-4.12.jar", "no archive").pom("g", "app", "1").bytes();
    PartlyRead damaged =
        assertThrows(PartlyRead.class, () -> cataloger.catalog(new MemoryFile("/app.jar", outer)));
    assertEquals("lib/junit-4.12.jar in it: not a zip archive", damaged.getMessage());
    assertEquals(2, damaged.components().size());
  }

  @Test
  void takesAPatchedOrMigratedArchiveForWhatItsPomSays() throws IOException {
    byte[] jar = Archives.begin().pom("g", "impl", "1.2.5").bytes();
    assertEquals(List.of("g:impl 1.2.5"), found("/lib/impl-1.2.5-migrated-0.0.1.jar", jar));
  }

  @Test
  void takesTheArchivesOwnVersionWhereTheBuildDidNotFillItIn() throws IOException {
    byte[] jar =
        Archives.begin()
            .pom("org.acme", "driver", "${project.version}")
            .manifest("Bundle-Version: 4.2.5", "Implementation-Title: A Driver")
            .bytes();
    assertEquals(List.of("org.acme:driver 4.2.5"), found("/lib/driver.jar", jar));
    assertEquals(List.of("org.acme:driver 4.1"), found("/lib/driver-4.1.jar", jar));
  }

  @Test
  void passesOverTheArchiveThatStartsTomcat() throws IOException {
    byte[] jar =
        Archives.begin()
            .manifest(
                "Implementation-Title: Apache Tomcat Bootstrap", "Implementation-Version: 9.0.70")
            .bytes();
    assertEquals(List.of(), found("/opt/tomcat/bin/bootstrap.jar", jar));
  }
}
