"""The real parts that the tests run against; see tests/README.md."""
