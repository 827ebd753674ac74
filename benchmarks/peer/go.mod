module bulwark.io/benchmarks/peer

go 1.26.0

require golang.org/x/net v0.51.0

require golang.org/x/text v0.34.0 // indirect
