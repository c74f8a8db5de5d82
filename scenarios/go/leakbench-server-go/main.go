// leakbench-server-go: one variant of one scenario in Go, on a port of its own, with its control
// port beside. ../../server_main.cc is the same in C++; the command line is equal.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"scenarios/go/server"
)

const (
	exitUsage     = 2
	exitPortInUse = 8
)

func main() {
	arguments, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "leakbench-server-go: %v (see --help)\n", err)
		os.Exit(exitUsage)
	}
	if arguments.help {
		fmt.Print(help())
		return
	}
	if err := serve(arguments); err != nil {
		fmt.Fprintf(os.Stderr, "leakbench-server-go: %v\n", err)
		if errors.Is(err, syscall.EADDRINUSE) {
			os.Exit(exitPortInUse)
		}
		os.Exit(1)
	}
}

func serve(arguments arguments) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	workers := arguments.workers
	if workers == 0 {
		workers = runtime.NumCPU() // the cores allowed, as the C++ server; no quota of a container
	}
	runtime.GOMAXPROCS(workers)
	s, err := server.Start(arguments.variant.Handler, server.Options{
		Port: arguments.port, ControlPort: arguments.controlPort,
		Counters: arguments.variant.Counters, Clients: arguments.variant.Clients,
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s %s: port %d, control port %d, %d workers\n",
		arguments.scenario.Name, arguments.variant.Name, s.Port(), s.ControlPort(), workers)
	<-stop
	if !s.Shutdown(arguments.grace) {
		fmt.Fprintf(os.Stderr, "%d connections were still open after %v\n",
			s.ConnectionsOpen(), arguments.grace)
	}
	return nil
}
