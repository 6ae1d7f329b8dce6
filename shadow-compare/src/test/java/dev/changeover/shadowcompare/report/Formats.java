package dev.changeover.shadowcompare.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A report in every format, held against what each format demands. Pages are left under target, to be looked at. */
final class Formats {
    private static final Set<String> ELEMENTS = Set.of(
            ("html head meta title style body header main footer p h1 h2 h3 h4 ul ol li a span div section details summary"
                            + " table thead tbody tr th td figure figcaption svg g rect circle path")
                    .split(" "));

    final String html;
    final String markdown;
    final JsonNode json;
    final Document page;
    final Document junit;

    Formats(String name, TransitionReport report) throws Exception {
        html = Reports.html(report);
        markdown = Reports.markdown(report);
        String text = Reports.json(report);
        Path directory = Files.createDirectories(Path.of("target", "report"));
        Files.writeString(directory.resolve(name + ".html"), html);
        Files.writeString(directory.resolve(name + ".md"), markdown);
        Files.writeString(directory.resolve(name + ".json"), text);
        requireSchema(text);
        json = JsonMapper.builder().build().readTree(text);
        page = xml(html);
        junit = xml(Reports.junit(report));
        requireHarmless();
        assertThat(markdown).hasSizeLessThan(65_536);
    }

    private static void requireSchema(String text) throws IOException {
        try (InputStream schema = Reports.class.getResourceAsStream("changeover-report-1.schema.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(text, InputFormat.JSON))
                    .isEmpty();
        }
    }

    /** The page is well-formed XML as well, so that whatever broke out of its place would show. */
    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void requireHarmless() {
        for (Element each : elements(page, "*")) {
            assertThat(ELEMENTS).contains(each.getTagName());
            for (int i = 0; i < each.getAttributes().getLength(); i++) {
                Node attribute = each.getAttributes().item(i);
                assertThat(attribute.getNodeName()).doesNotStartWith("on").isNotIn("style", "src", "xlink:href");
                if (attribute.getNodeName().equals("href")) {
                    assertThat(attribute.getNodeValue()).startsWith("#");
                }
            }
        }
    }

    static List<Element> elements(Document document, String name) {
        NodeList found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    /** Returns the text of a section of the page. */
    String section(String id) {
        return elements(page, "section").stream()
                .filter(each -> each.getAttribute("id").equals(id))
                .map(Node::getTextContent)
                .findFirst()
                .orElseThrow();
    }

    List<String> cases(String element) {
        List<String> cases = new ArrayList<>();
        for (Element each : elements(junit, element)) {
            Element parent = (Element) each.getParentNode();
            cases.add((element.equals("testcase") ? each : parent).getAttribute("name"));
        }
        return cases;
    }

    String everything() {
        return html + markdown + json + junit.getDocumentElement().getTextContent();
    }
}
