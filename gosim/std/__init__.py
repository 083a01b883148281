"""Go's standard packages on gosim's runtime, one module each under its Go name."""
