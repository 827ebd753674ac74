package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveNameTest {
  @ParameterizedTest
  @CsvSource({
    "jackson-core-2.17.1.jar, jackson-core, 2.17.1, ''",
    "log4j-1.2-api-2.17.1.jar, log4j-1.2-api, 2.17.1, ''",
    "hibernate-jpa-2.1-api-1.0.0.Final.jar, hibernate-jpa-2.1-api, 1.0.0.Final, ''",
    "guava-33.0.0-jre.jar, guava, 33.0.0-jre, ''",
    "bcprov-jdk18on-1.77.jar, bcprov-jdk18on, 1.77, ''",
    "netty-transport-native-epoll-4.1.2.Final-linux-x86_64.jar,"
        + " netty-transport-native-epoll, 4.1.2.Final, linux-x86_64",
    "jackson-datatype-jsr310-2.15.0-rc1.jar, jackson-datatype-jsr310, 2.15.0-rc1, ''",
    "kafka_2.13-3.4.0.jar, kafka_2.13, 3.4.0, ''",
    "xml-apis-1.0.b2.jar, xml-apis, 1.0.b2, ''",
    "demo-0.0.1-SNAPSHOT.war, demo, 0.0.1-SNAPSHOT, ''",
    "postgresql-42.2.5.jre7.jar, postgresql, 42.2.5.jre7, ''",
    "spring-core-5.3.9-sources.jar, spring-core, 5.3.9, sources",
    "zstd-jni-1.5.5-11.jar, zstd-jni, 1.5.5-11, ''",
    "catalina.jar, catalina, '', ''",
    "/lib/a-b/app.jar, app, '', ''",
    "-1.jar, '', 1, ''",
  })
  void takesNamesApart(String file, String artifact, String version, String classifier) {
    assertEquals(new ArchiveName(artifact, version, classifier), ArchiveName.of(file));
  }

  @Test
  void knowsArchivesByTheirExtension() {
    assertTrue(ArchiveName.archive("/a/B.JAR"));
    assertTrue(ArchiveName.archive("x.hpi"));
    assertFalse(ArchiveName.archive("/a/.jar"));
    assertFalse(ArchiveName.archive("/a.jar/b"));
    assertFalse(ArchiveName.archive("/a/b.zip"));
  }
}
