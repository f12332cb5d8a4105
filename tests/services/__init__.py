"""Real servers for the tests: private, started when first needed, ended with the run."""
