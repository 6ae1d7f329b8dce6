package dev.changeover.examples.next;

import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** Makes the callers of jOOQ see the exceptions that the callers of JPA and JDBC see. */
class SpringExceptions implements ExecuteListener {

    private static final long serialVersionUID = 1L;

    private final transient SQLExceptionTranslator translator = new SQLStateSQLExceptionTranslator();

    @Override
    public void exception(ExecuteContext context) {
        SQLException cause = context.sqlException();
        if (cause != null) {
            context.exception(translator.translate("jOOQ", context.sql(), cause));
        }
    }
}
