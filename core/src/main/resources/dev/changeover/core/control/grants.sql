-- What the role of the application needs. Stages, percentages, divergences and history are written by functions only,
-- so the role may move a repository and review a divergence but cannot alter what was recorded.
GRANT USAGE ON SCHEMA changeover TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA changeover TO {role};
GRANT INSERT, DELETE ON changeover.mark, changeover.foreign_change TO {role};
GRANT INSERT, UPDATE, DELETE ON changeover.attempt, changeover.checkpoint, changeover.key_range TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA changeover TO {role};
