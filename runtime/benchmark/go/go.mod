module leakbench/benchmark

go 1.19
