package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.StateComparison.Difference;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BeanComparisonTest {
    private static final RecordComparison<Customer> CUSTOMERS = RecordComparison.of(Customer.class)
            .keyed("contacts", Contact.class, Contact::getKind)
            .safe("contacts.kind")
            .build();

    /** As object mappers like them: identity by id, everything else by setters. */
    public abstract static class Stored {
        private long id = 1;

        public long getId() {
            return id;
        }

        public void setId(long id) {
            this.id = id;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Stored stored && stored.id == id;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(id);
        }
    }

    public static class Contact extends Stored {
        private final String kind;
        private final String text;

        Contact(String kind, String text) {
            this.kind = kind;
            this.text = text;
        }

        public String getKind() {
            return kind;
        }

        public String getText() {
            return text;
        }
    }

    /** A value: equality of its own and nothing to set. */
    public static final class Money {
        private final BigDecimal amount;

        Money(String amount) {
            this.amount = new BigDecimal(amount);
        }

        public BigDecimal getAmount() {
            return amount;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Money money && money.amount.compareTo(amount) == 0;
        }

        @Override
        public int hashCode() {
            return Objects.hash(amount.stripTrailingZeros());
        }
    }

    public static class Customer extends Stored {
        String name = "ann";
        boolean active = true;
        Money balance = new Money("1.0");
        List<Contact> contacts = List.of(new Contact("MAIL", "ann@example.org"));

        public String getName() {
            return name;
        }

        public boolean isActive() {
            return active;
        }

        public Money getBalance() {
            return balance;
        }

        public List<Contact> getContacts() {
            return contacts;
        }

        public static String getTable() {
            return "customer" + System.nanoTime();
        }

        public String get() {
            throw new IllegalStateException("no getter");
        }
    }

    private static Customer changed(Consumer<Customer> change) {
        Customer customer = new Customer();
        change.accept(customer);
        return customer;
    }

    private static List<String> paths(Consumer<Customer> change) {
        return CUSTOMERS.differences(new Customer(), changed(change)).stream()
                .map(Difference::path)
                .toList();
    }

    @Test
    void beansAreComparedByTheirGettersInheritedOnesIncluded() {
        assertThat(paths(customer -> {})).isEmpty();
        assertThat(paths(customer -> customer.name = "eve")).containsExactly("name");
        assertThat(paths(customer -> customer.active = false)).containsExactly("active");
        assertThat(paths(customer -> customer.setId(2))).containsExactly("id");
    }

    @Test
    void aNestedBeanIsComparedByItsGettersThoughItIsEqualById() {
        assertThat(paths(customer -> customer.contacts = List.of(new Contact("MAIL", "eve@example.org"))))
                .containsExactly("contacts[MAIL].text");
    }

    @Test
    void aNestedValueIsComparedByItsOwnEquality() {
        assertThat(paths(customer -> customer.balance = new Money("1.00"))).isEmpty();
        assertThat(paths(customer -> customer.balance = new Money("1.01"))).containsExactly("balance");
    }

    @Test
    void rulesNameTheFieldsOfBeans() {
        RecordComparison<Customer> lenient = RecordComparison.of(Customer.class)
                .ignore("contacts.text", "active")
                .trimmed("name")
                .build();

        assertThat(lenient.differences(new Customer(), changed(customer -> {
                    customer.name = "ann  ";
                    customer.active = false;
                    customer.contacts = List.of(new Contact("MAIL", "x"));
                })))
                .isEmpty();
        assertThatThrownBy(() -> RecordComparison.of(Customer.class).ignore("nmae"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("There are: active, balance, contacts, id, name");
    }

    /** Where it is read from tells how. */
    public static final class Watched {
        private final List<StackFrame> frames;

        Watched(List<StackFrame> frames) {
            this.frames = frames;
        }

        public String getName() {
            StackWalker.getInstance(java.util.Set.of(Option.SHOW_REFLECT_FRAMES, Option.SHOW_HIDDEN_FRAMES))
                    .forEach(frames::add);
            return "x";
        }
    }

    @Test
    void comparingCallsNoReflection() {
        List<StackFrame> frames = new java.util.ArrayList<>();
        RecordComparison<Watched> comparison =
                RecordComparison.of(Watched.class).build();

        comparison.differences(new Watched(frames), new Watched(frames));

        List<String> between = frames.stream()
                .map(StackFrame::getClassName)
                .takeWhile(each -> !each.equals(BeanComparisonTest.class.getName()))
                .toList();
        assertThat(between).isNotEmpty().allSatisfy(each -> assertThat(each).startsWith("dev.changeover."));
    }
}
