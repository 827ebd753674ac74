package io.bulwark.cluster.apiserver.decode;

import static io.bulwark.cluster.apiserver.decode.Samples.CONFIG_MAP;
import static io.bulwark.cluster.apiserver.decode.Samples.DEPLOYMENT;
import static io.bulwark.cluster.apiserver.decode.Samples.bytes;
import static io.bulwark.cluster.apiserver.decode.Samples.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.PatchType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchesTest {
  private static final Patches PATCHES = new Patches(Samples.SHAPES);

  private static Decoded patch(PatchType type, Tree current, String patch, FieldValidation check) {
    return PATCHES.apply(
        new PatchRequest(type, bytes(patch), check), current.freeze(), "no.such.schema");
  }

  private static Tree refused(org.junit.jupiter.api.function.Executable action) {
    return Statuses.of(assertThrows(Rejected.class, action).failure());
  }

  /** The examples of RFC 6902, appendix A, and of RFC 7386. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"foo\":\"bar\"} | [{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}] |"
            + " {\"baz\":\"qux\",\"foo\":\"bar\"}",
        "{\"foo\":[\"bar\",\"baz\"]} | [{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}] |"
            + " {\"foo\":[\"bar\",\"qux\",\"baz\"]}",
        "{\"baz\":\"qux\",\"foo\":\"bar\"} | [{\"op\":\"remove\",\"path\":\"/baz\"}] |"
            + " {\"foo\":\"bar\"}",
        "{\"foo\":[\"bar\",\"qux\",\"baz\"]} | [{\"op\":\"remove\",\"path\":\"/foo/1\"}] |"
            + " {\"foo\":[\"bar\",\"baz\"]}",
        "{\"baz\":\"qux\"} | [{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}] |"
            + " {\"baz\":\"boo\"}",
        "{\"foo\":{\"waldo\":\"fred\"},\"qux\":{}} | [{\"op\":\"move\",\"from\":\"/foo/waldo\","
            + "\"path\":\"/qux/thud\"}] | {\"foo\":{},\"qux\":{\"thud\":\"fred\"}}",
        "{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]} | [{\"op\":\"move\",\"from\":\"/foo/1\","
            + "\"path\":\"/foo/3\"}] | {\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}",
        "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]} | [{\"op\":\"test\",\"path\":\"/baz\","
            + "\"value\":\"qux\"},{\"op\":\"test\",\"path\":\"/foo/1\",\"value\":2}] |"
            + " {\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
        "{\"foo\":[\"bar\"]} | [{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\"]}] |"
            + " {\"foo\":[\"bar\",[\"abc\"]]}",
        "{\"/\":9,\"~1\":10} | [{\"op\":\"copy\",\"from\":\"/~01\",\"path\":\"/a~1b\"}] |"
            + " {\"/\":9,\"a/b\":10,\"~1\":10}",
        "{} | [{\"op\":\"replace\",\"path\":\"/b\",\"value\":1}] | {\"b\":1}",
        "{} | [{\"op\":\"add\",\"path\":\"/b\"}] | {\"b\":null}",
      })
  void appliesJsonPatches(String document, String patch, String expected) {
    Tree result =
        patch(PatchType.JSON, Json.read(bytes(document)), patch, FieldValidation.WARN).tree();
    assertEquals(expected, Json.text(result));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "422 | [{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]",
        "422 | [{\"op\":\"remove\",\"path\":\"/b\"}]",
        "422 | [{\"op\":\"replace\",\"path\":\"/l/7\",\"value\":1}]",
        "422 | [{\"op\":\"add\",\"path\":\"/b/c\",\"value\":1}]",
        "422 | [{\"op\":\"add\",\"path\":\"/l/3\",\"value\":1}]",
        "422 | [{\"op\":\"remove\",\"path\":\"/l/01\"}]",
        "422 | [{\"op\":\"move\",\"from\":\"/t\",\"path\":\"/t/x\"}]",
        "422 | [{\"op\":\"sing\",\"path\":\"/b\"}]",
        "422 | [{\"op\":\"add\",\"value\":1}]",
        "400 | {\"op\":\"remove\",\"path\":\"/b\"}",
        "400 | [1]",
        "400 | [",
      })
  void refusesJsonPatches(long code, String patch) {
    Tree document = yaml("{a: 1, l: [1, 2], t: {}}");
    Tree status = refused(() -> patch(PatchType.JSON, document, patch, FieldValidation.WARN));
    assertEquals(code, status.number(0, "code"));
  }

  @Test
  void refusesTooManyOperations() {
    String operation = "{\"op\":\"add\",\"path\":\"/a\",\"value\":1}";
    String patch = "[" + String.join(",", java.util.Collections.nCopies(10_001, operation)) + "]";
    Tree status = refused(() -> patch(PatchType.JSON, new Tree(), patch, FieldValidation.WARN));
    assertEquals(413L, status.number(0, "code"));
    assertEquals(
        "The allowed maximum operations in a JSON patch is 10000, got 10001",
        status.text("message"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
        "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"} | {\"a\":null} | {}",
        "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
        "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
        "{\"a\":[1,2]} | {\"a\":[3]} | {\"a\":[3]}",
        "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
      })
  void appliesMergePatches(String document, String patch, String expected) {
    Tree result =
        patch(PatchType.MERGE, Json.read(bytes(document)), patch, FieldValidation.WARN).tree();
    assertEquals(expected, Json.text(result));
  }

  @Test
  void theResultMustBeAnObjectOfTheKind() {
    Tree live = yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: y}}");
    Tree status =
        refused(
            () ->
                PATCHES.apply(
                    new PatchRequest(
                        PatchType.MERGE, bytes("{\"data\":{\"x\":1}}"), FieldValidation.WARN),
                    live,
                    CONFIG_MAP));
    assertEquals(422L, status.number(0, "code"));
    assertTrue(
        status.textOrEmpty("message").startsWith(" \"\" is invalid: patch: Invalid value: "));
  }

  @Test
  void strictPatchesNameUnknownFields() {
    Tree live = yaml("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}");
    Tree status =
        refused(
            () ->
                PATCHES.apply(
                    new PatchRequest(
                        PatchType.STRATEGIC,
                        bytes("{\"spec\":{\"foo\":1,\"paused\":true,\"paused\":false}}"),
                        FieldValidation.STRICT),
                    live,
                    DEPLOYMENT));
    assertEquals(422L, status.number(0, "code"));
    assertTrue(
        status
            .textOrEmpty("message")
            .endsWith(
                "strict decoding error: duplicate field \"spec.paused\", unknown field"
                    + " \"spec.foo\""));
  }

  @Test
  void warningsComeWithTheResult() {
    Tree live = yaml("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}");
    Decoded decoded =
        PATCHES.apply(
            new PatchRequest(
                PatchType.MERGE, bytes("{\"spec\":{\"foo\":1}}"), FieldValidation.WARN),
            live,
            DEPLOYMENT);
    assertEquals(List.of("unknown field \"spec.foo\""), decoded.warnings());
  }
}
