"""The tests: they mirror the code, beside the house's rules, the browser and the benchmarks."""
