// The operations of the runtime's Google Benchmarks, in Go: same names, same batches, and the same
// things done in each. Prints one line of JSON per operation measured.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	names := flag.Bool("list", false, "print the names of the operations")
	name := flag.String("operation", "", "the operation to measure; see -list")
	workers := flag.Int("workers", 1, "GOMAXPROCS, and goroutines that drive the operation")
	minTime := flag.Duration("min-time", 200*time.Millisecond, "least CPU time to measure for")
	flag.Parse()
	if *names {
		for _, operation := range operations {
			fmt.Println(operation.name)
		}
		return
	}
	operation := find(*name)
	if operation == nil || *workers < 1 || flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "operations: no operation %q with %d workers; see -help and -list\n",
			*name, *workers)
		os.Exit(2)
	}
	runtime.GOMAXPROCS(*workers)
	result := operation.measure(*workers, *minTime)
	result.Name = operation.name
	result.Workers = *workers
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fmt.Fprintf(os.Stderr, "operations: %v\n", err)
		os.Exit(1)
	}
}

func find(name string) *operation {
	for i := range operations {
		if operations[i].name == name {
			return &operations[i]
		}
	}
	return nil
}
