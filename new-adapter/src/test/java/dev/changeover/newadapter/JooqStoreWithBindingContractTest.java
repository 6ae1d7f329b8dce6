package dev.changeover.newadapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresTest;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Objects;
import org.jooq.Binding;
import org.jooq.BindingGetResultSetContext;
import org.jooq.BindingGetSQLInputContext;
import org.jooq.BindingGetStatementContext;
import org.jooq.BindingRegisterContext;
import org.jooq.BindingSQLContext;
import org.jooq.BindingSetSQLOutputContext;
import org.jooq.BindingSetStatementContext;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;

/** A field with a binding of its own, whose values cannot travel as an array. */
@PostgresTest
class JooqStoreWithBindingContractTest extends JooqStoreContractTest {

    @Override
    DataType<String> titleType() {
        return SQLDataType.CLOB.asConvertedDataType(new OwnBinding());
    }

    @Test
    void suchValuesCannotTravelInAnArray() {
        assertThat(ArrayTypes.name(DSL.field("title", titleType()))).isNull();
    }

    private static final class OwnBinding implements Binding<String, String> {

        private static final long serialVersionUID = 1L;

        @Override
        public Converter<String, String> converter() {
            return Converter.ofNullable(String.class, String.class, text -> text, text -> text);
        }

        @Override
        public void sql(BindingSQLContext<String> ctx) {
            ctx.render().sql(ctx.variable() + "::text");
        }

        @Override
        public void register(BindingRegisterContext<String> ctx) throws SQLException {
            ctx.statement().registerOutParameter(ctx.index(), Types.VARCHAR);
        }

        @Override
        public void set(BindingSetStatementContext<String> ctx) throws SQLException {
            ctx.statement().setString(ctx.index(), ctx.value());
        }

        @Override
        public void set(BindingSetSQLOutputContext<String> ctx) throws SQLException {
            ctx.output().writeString(ctx.value());
        }

        @Override
        public void get(BindingGetResultSetContext<String> ctx) throws SQLException {
            ctx.value(Objects.requireNonNull(ctx.resultSet().getString(ctx.index())));
        }

        @Override
        public void get(BindingGetStatementContext<String> ctx) throws SQLException {
            ctx.value(Objects.requireNonNull(ctx.statement().getString(ctx.index())));
        }

        @Override
        public void get(BindingGetSQLInputContext<String> ctx) throws SQLException {
            ctx.value(Objects.requireNonNull(ctx.input().readString()));
        }
    }
}
