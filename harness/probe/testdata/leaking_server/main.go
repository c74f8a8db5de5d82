// A server that has leaked goroutines in each of the ways in which they can wait, as many as it is
// told. The tests find the lines that a profile must name by the comments at their ends.
package main

import (
	_ "expvar"
	"flag"
	"log"
	"net"
	"net/http"
	_ "net/http/pprof"
	"strconv"
	"sync"
	"time"
)

func channelSend() {
	results := make(chan int)
	go func() { // started: channel send
		results <- 1 // waits: channel send
	}()
}

func channelReceive() {
	results := make(chan int)
	go func() { // started: channel receive
		<-results // waits: channel receive
	}()
}

func selects() {
	results, done := make(chan int), make(chan struct{})
	go func() { // started: select
		select { // waits: select
		case <-results:
		case <-done:
		}
	}()
}

func sleeps() {
	go func() { // started: timer
		time.Sleep(time.Hour) // waits: timer
	}()
}

// Go cannot prove a leak of what shares its memory with something that lives, as small objects
// without pointers do: a lock alone is one.
type account struct {
	sync.Mutex
	owner *string
}

func mutex() {
	lock := new(account)
	lock.Lock()
	go func() { // started: mutex
		lock.Lock() // waits: mutex
		lock.Unlock()
	}()
}

func waitGroup() {
	work := new(sync.WaitGroup)
	work.Add(1)
	go func() { // started: wait group
		work.Wait() // waits: wait group
	}()
}

func condition() {
	lock := new(sync.Mutex)
	ready := sync.NewCond(lock)
	go func() { // started: condition
		lock.Lock()
		ready.Wait() // waits: condition
		lock.Unlock()
	}()
}

// The other end of the connection says nothing, and stays open.
func ioWait(silent net.Listener) {
	connection, err := net.Dial("tcp", silent.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	go func() { // started: io
		_, _ = connection.Read(make([]byte, 1)) // waits: io
	}()
}

// A handler that never returns: the library starts it.
func hang(w http.ResponseWriter, _ *http.Request) { // started: handler
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	<-make(chan int) // waits: handler
}

func park(count int) {
	release := make(chan struct{})
	for i := 0; i < count; i++ {
		go func() { <-release }()
	}
	http.HandleFunc("/release", func(http.ResponseWriter, *http.Request) { close(release) })
}

func main() {
	port := flag.Int("port", 0, "on 127.0.0.1")
	each := flag.Int("each", 0, "goroutines that leak in each way")
	parked := flag.Int("parked", 0, "goroutines that wait until /release is asked for")
	flag.Parse()

	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	for i := 0; i < *each; i++ {
		for _, leak := range []func(){
			channelSend, channelReceive, selects, sleeps, mutex, waitGroup, condition,
			func() { ioWait(silent) },
		} {
			leak()
		}
	}
	park(*parked)
	http.HandleFunc("/hang", hang)
	http.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	err = http.ListenAndServe("127.0.0.1:"+strconv.Itoa(*port), nil)
	silent.Close()
	log.Fatal(err)
}
