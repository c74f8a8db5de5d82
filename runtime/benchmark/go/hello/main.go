// The least a server can do, on net/http: two bytes for every request.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		body := []byte("ok")
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			// Said, so that net/http need not find out.
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write(body)
		})
		err = http.Serve(listener, nil)
	}
	fmt.Fprintf(os.Stderr, "hello: %v\n", err)
	os.Exit(1)
}
