"""The machine: paths, clock, logging, ignore rules, secrets, steps. No feature lives here."""
