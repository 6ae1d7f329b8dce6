package dev.changeover.shadowcompare.report;

import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.shadowcompare.internal.PlainText;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The gates as test cases. */
final class JunitXml {
    private static final int LONGEST = 2_000;

    private final XMLStreamWriter xml;

    private JunitXml(XMLStreamWriter xml) {
        this.xml = xml;
    }

    private record Case(String name, Verdict verdict, String message) {}

    static String of(TransitionReport report) {
        StringWriter out = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            new JunitXml(xml).write(report);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text cannot be written as XML", e);
        }
        return out.append('\n').toString();
    }

    private void write(TransitionReport report) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("testsuites");
        attribute("name", "changeover");
        for (RepositoryReport repository : report.repositories()) {
            suite(report, repository);
        }
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void suite(TransitionReport report, RepositoryReport repository) throws XMLStreamException {
        List<Case> cases = cases(report, repository);
        xml.writeStartElement("testsuite");
        attribute("name", "changeover." + repository.name());
        attribute("timestamp", report.at().toString());
        attribute("tests", String.valueOf(cases.size()));
        attribute("failures", count(cases, Verdict.FAIL));
        attribute("errors", count(cases, Verdict.UNKNOWN));
        for (Case each : cases) {
            write(repository.name(), each);
        }
        xml.writeEndElement();
    }

    private static String count(List<Case> cases, Verdict verdict) {
        return String.valueOf(
                cases.stream().filter(each -> each.verdict() == verdict).count());
    }

    private static List<Case> cases(TransitionReport report, RepositoryReport repository) {
        GateAnswers gates = repository.gates();
        if (repository.answer() == Answer.DONE) {
            return List.of();
        } else if (gates == null || gates.moves().isEmpty()) {
            return List.of(new Case("gates", Verdict.UNKNOWN, "No instance of the application was asked."));
        }
        List<Case> cases = new ArrayList<>();
        for (GateReport move : gates.moves()) {
            move.results()
                    .forEach(result -> cases.add(
                            new Case(move.move() + ": " + result.gate(), result.verdict(), message(result, report))));
        }
        return cases;
    }

    private static String message(GateResult result, TransitionReport report) {
        return result.value() + " (wanted: " + result.limit() + ")"
                + (result.missing() == null ? "" : ". " + result.missing())
                + (result.until() == null
                        ? ""
                        : ", " + Conclusion.until(Objects.requireNonNull(result.until()), report.at()));
    }

    private void write(String repository, Case each) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("classname", "changeover." + repository);
        attribute("name", each.name());
        attribute("time", "0");
        if (each.verdict() != Verdict.PASS) {
            xml.writeStartElement(each.verdict() == Verdict.FAIL ? "failure" : "error");
            attribute("type", each.verdict().name());
            attribute("message", each.message());
            xml.writeCharacters(PlainText.of(each.message(), LONGEST));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, PlainText.of(value, LONGEST));
    }
}
