package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary becomes the server when it is told to.
const beTheServer = "LEAKBENCH_TEST_BE_THE_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(beTheServer) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func command(words ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], words...)
	command.Env = append(os.Environ(), beTheServer+"=1")
	return command
}

// The messages are those of the C++ server.
func TestBadArgumentsExit2WithOneLine(t *testing.T) {
	const (
		with       = "orphaned-task --variant with-context "
		variants   = "this scenario has without-context, with-context"
		options    = "this scenario has --job-duration, --step, --step-work, --payload"
		badStep    = "--step must be longer than nothing and no longer than --job-duration"
		known      = "known: cascading-timeout, orphaned-task, planted-leaks"
		portBounds = "not in range 0 to 65535"
	)
	for words, message := range map[string]string{
		"":                                  "which scenario? " + known,
		"--variant x":                       "which scenario? " + known,
		"orphaned":                          `no scenario "orphaned"; ` + known,
		"orphaned-task":                     "--variant is missing; " + variants,
		"orphaned-task --variant=x":         `no variant "x"; ` + variants,
		with + "--step 0s":                  badStep,
		with + "--step 1s --step=9s":        badStep,
		with + "--step now":                 `--step must be a duration such as 100ms, is "now"`,
		with + "--stop 1s":                  "unknown option --stop; " + options,
		with + "--step":                     "--step needs a value",
		with + "stray":                      `unexpected argument "stray"`,
		with + "-x":                         `unexpected argument "-x"`,
		with + "-- --step 9s":               `unexpected argument "--"`,
		with + "--port 70000":               "--port: Value 70000 " + portBounds,
		with + "--port=-1":                  "--port: Value -1 " + portBounds,
		with + "--control-port abc":         "--control-port: Value abc " + portBounds,
		with + "--workers 5000":             "--workers: Value 5000 not in range 0 to 1024",
		with + "--grace x":                  `--grace must be a duration such as 2s, is "x"`,
		with + "--grace x --port no --step": "--step needs a value",
	} {
		var said strings.Builder
		run := command(strings.Fields(words)...)
		run.Stderr = &said
		_ = run.Run()
		expected := "leakbench-server-go: " + message + " (see --help)\n"
		if code := run.ProcessState.ExitCode(); code != 2 || said.String() != expected {
			t.Errorf("%q exits %d: %s", words, code, &said)
		}
	}
}

func TestHelpNamesEveryScenarioVariantAndOption(t *testing.T) {
	said, err := command("orphaned-task", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		"orphaned-task: ", "--variant without-context", "--variant with-context", "--control-port",
		"--job-duration 5s  ", "--payload 4096  ", "--grace 2s  ",
	} {
		if !strings.Contains(string(said), words) {
			t.Errorf("%q is not in\n%s", words, said)
		}
	}
}

func TestAPortInUseExits8(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	for _, option := range []string{"--port", "--control-port"} {
		var said strings.Builder
		run := command("orphaned-task", "--variant", "with-context", option, port)
		run.Stderr = &said
		_ = run.Run()
		if code := run.ProcessState.ExitCode(); code != 8 ||
			!strings.Contains(said.String(), port) || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("exits %d: %s", code, &said)
		}
	}
}

func TestServesUntilItIsTerminated(t *testing.T) {
	run := command("--workers", "3", "orphaned-task", "--variant", "without-context")
	stderr, err := run.StderrPipe()
	if err == nil {
		err = run.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	var port, controlPort int
	if err == nil {
		_, err = fmt.Sscanf(first,
			"orphaned-task without-context: port %d, control port %d, 3 workers\n",
			&port, &controlPort)
	}
	if err != nil {
		t.Fatalf("%q: %v", first, err)
	}
	client := http.Client{Timeout: time.Minute}
	get := func(port int, path string) string {
		response, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d%s", port, path))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if answer := get(port, "/"); answer != "ok" {
		t.Errorf("%q", answer)
	}
	// The client's connections are in another process than the server; its task is still at work.
	if text := get(controlPort, "/metrics"); !strings.Contains(text, "\nleakbench_live_tasks 1\n") {
		t.Error(text)
	}
	if err := run.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if waited := run.Wait(); waited != nil || err != nil || len(rest) != 0 {
		t.Errorf("%v, %v: %s", waited, err, rest)
	}
}
