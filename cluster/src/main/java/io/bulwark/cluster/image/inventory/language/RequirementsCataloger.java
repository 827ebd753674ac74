package io.bulwark.cluster.image.inventory.language;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What Python's requirement files pin: lines of one name and one exact version, markers and hashes
 * aside. Ranges say nothing of what is there.
 */
final class RequirementsCataloger implements Cataloger {
  private static final int LARGEST = 4 << 20;
  private static final Pattern PIN =
      Pattern.compile(
          "\\s*([A-Za-z0-9][A-Za-z0-9._-]*)\\s*(\\[[^\\]]*\\])?\\s*===?\\s*([0-9A-Za-z.!+_-]+)\\s*"
              + "(([;#\\\\]|--hash).*)?");

  @Override
  public boolean reads(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return file.startsWith("requirements") && file.endsWith(".txt") && !file.contains("dev");
  }

  @Override
  public List<Component> catalog(ImageFile file) throws IOException {
    Found found = new Found();
    new String(Bounded.read(file, LARGEST), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.length() < 4096)
        .forEach(
            line -> {
              Matcher pin = PIN.matcher(line);
              if (pin.matches()) {
                found.add(PythonLibrary.of(pin.group(1), pin.group(3), file.path()));
              }
            });
    return found.list();
  }
}
