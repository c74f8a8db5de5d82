module leakbench/differential

go 1.21
