module gosim/benchmarks

go 1.25
