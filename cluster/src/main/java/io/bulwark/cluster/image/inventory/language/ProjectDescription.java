package io.bulwark.cluster.image.inventory.language;

import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A {@code pom.xml}, for archives that keep it without the properties beside it. Read for the
 * version only: group and artifact are the directories that it lies in.
 */
final class ProjectDescription {
  private static final int DEEPEST = 3;

  private ProjectDescription() {}

  /**
   * The project's version, else its parent's; empty where there is neither, or no such document.
   */
  static String version(byte[] xml) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    String parent = "";
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      String[] path = new String[DEEPEST];
      int depth = 0;
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        } else if (event == XMLStreamConstants.START_ELEMENT) {
          if (depth < DEEPEST) {
            path[depth] = reader.getLocalName();
          }
          depth++;
          if (reader.getLocalName().equals("version") && path[0].equals("project")) {
            if (depth == 2) {
              return reader.getElementText().strip();
            }
            if (depth == 3 && path[1].equals("parent")) {
              parent = reader.getElementText().strip();
              depth--;
            }
          }
        }
      }
    } catch (XMLStreamException | RuntimeException malformed) {
      return parent;
    }
    return parent;
  }
}
