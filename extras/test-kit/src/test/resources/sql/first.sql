CREATE TABLE greeting (note text); -- a script; with traps
