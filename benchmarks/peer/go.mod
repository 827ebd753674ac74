module bulwark.io/benchmarks/peer

go 1.26.0


