DO $$ BEGIN INSERT INTO greeting VALUES ('hello; world'); END $$;
