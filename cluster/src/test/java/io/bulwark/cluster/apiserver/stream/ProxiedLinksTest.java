package io.bulwark.cluster.apiserver.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiedLinksTest {
  private static final String PREFIX = "/api/v1/namespaces/shop/pods/web/proxy";

  private final ProxiedLinks links = new ProxiedLinks(PREFIX, "10.244.0.5:80", "localhost:8001");

  @ParameterizedTest
  @CsvSource({
    "/rewriteme, /api/v1/namespaces/shop/pods/web/proxy/rewriteme",
    "/a/?b=c#d, /api/v1/namespaces/shop/pods/web/proxy/a/?b=c#d",
    "http://10.244.0.5:80/a, /api/v1/namespaces/shop/pods/web/proxy/a",
    "http://localhost:8001/a, http://localhost:8001/api/v1/namespaces/shop/pods/web/proxy/a",
    "//elsewhere.example/a, //elsewhere.example/a",
    "https://elsewhere.example/a, https://elsewhere.example/a",
    "beside, beside",
    "mailto:ann@example.com, mailto:ann@example.com",
    "#top, #top",
    "/api/v1/namespaces/shop/pods/web/proxy/again,"
        + " /api/v1/namespaces/shop/pods/web/proxy/again",
    "/not a link, /not a link"
  })
  void linksToTheTargetLeadThroughTheProxy(String link, String expected) {
    assertEquals(expected, links.link(link));
  }

  @Test
  void onlyAttributesThatHoldLinksChange() {
    assertEquals(
        "<a title='/a' href=\"" + PREFIX + "/a\">/a</a>",
        links.page("<a title='/a' href=\"/a\">/a</a>"));
    assertEquals("<IMG SRC=" + PREFIX + "/x.png>", links.page("<IMG SRC=/x.png>"));
    assertEquals("<p href='/a'>", links.page("<p href='/a'>"));
    assertEquals("<!-- <a href='/a'> -->", links.page("<!-- <a href='/a'> -->"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<!-- ", "<script> ", "<a ", "<a '"})
  void whatIsNeverClosedIsReadOnce(String opening) {
    String page = opening.repeat(200_000);
    assertTimeoutPreemptively(
        Duration.ofMinutes(1), () -> assertEquals(page.length(), links.page(page).length()));
  }

  @Test
  void scriptsKeepTheirText() {
    assertEquals(
        "<script src='" + PREFIX + "/s.js'>'<a href=\"/a\">'</script>",
        links.page("<script src='/s.js'>'<a href=\"/a\">'</script>"));
  }

  @Test
  void aGreaterSignInAnAttributeEndsNoTag() {
    assertEquals(
        "<a title=\"a > b\" href=\"" + PREFIX + "/a\">",
        links.page("<a title=\"a > b\" href=\"/a\">"));
  }
}
