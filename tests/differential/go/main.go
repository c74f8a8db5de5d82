// Runs programs over context trees on Go's package context, and writes down all that can be
// observed after each operation; ../README.md has the format. ../context_interpreter.cc does the
// same with ours.
//
// Built with -tags=faketime: the clock then stands still while anything can run, and jumps to the
// next timer when nothing can. Sleeping is thus waiting until every callback has run.
package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	unit     = time.Millisecond
	step     = 2 * unit
	forever  = time.Duration(1<<63 - 1)
	longAgo  = time.Duration(-1 << 63)
	farAway  = time.Duration(1 << 62)
	keyCount = 4
)

// Equal numbers in two types: keys differ when their types do.
type (
	keyA int
	keyB int
)

var keys = [keyCount]any{keyA(0), keyA(1), keyB(0), keyB(1)}

var causes = map[string]error{
	"nil":               nil,
	"canceled":          context.Canceled,
	"deadline_exceeded": context.DeadlineExceeded,
	"c1":                errors.New("c1"),
	"c2":                errors.New("c2"),
	"c3":                errors.New("c3"),
	"c4":                errors.New("c4"),
}

type observation struct {
	err, cause  error
	done        string
	hasDeadline bool
	deadline    time.Duration
	values      [keyCount]any
}

type node struct {
	ctx    context.Context
	cancel func(cause error)
	last   observation
	seen   bool
}

type callback struct {
	stop func() bool
	runs atomic.Int32
	last int32
	seen bool
}

// One program's world.
type world struct {
	out       *bufio.Writer
	start     time.Time
	nodes     map[string]*node
	order     []string
	callbacks map[string]*callback
	started   []string
}

func newWorld(out *bufio.Writer) *world {
	w := &world{
		out: out, start: time.Now(), nodes: map[string]*node{}, callbacks: map[string]*callback{},
	}
	w.add("background", context.Background(), nil)
	w.add("todo", context.TODO(), nil)
	return w
}

func (w *world) add(name string, ctx context.Context, cancel func(error)) {
	w.nodes[name] = &node{ctx: ctx, cancel: cancel}
	w.order = append(w.order, name)
	w.out.WriteString(name + " is " + shape(ctx) + "\n")
}

// The context as text, without what stands in parentheses: times and Go's names of types.
func shape(ctx context.Context) string {
	var text strings.Builder
	depth := 0
	for _, r := range ctx.(interface{ String() string }).String() {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth == 0:
			text.WriteRune(r)
		}
	}
	return text.String()
}

func plain(cancel context.CancelFunc) func(error) { return func(error) { cancel() } }

func duration(word string) time.Duration {
	switch word {
	case "forever":
		return forever
	case "long_ago":
		return longAgo
	}
	units, err := strconv.Atoi(word)
	if err != nil {
		fail("not a time: " + word)
	}
	return time.Duration(units) * unit
}

func cause(word string) error {
	err, known := causes[word]
	if !known {
		fail("not a cause: " + word)
	}
	return err
}

func key(word string) any {
	for i, name := range []string{"a0", "a1", "b0", "b1"} {
		if name == word {
			return keys[i]
		}
	}
	fail("not a key: " + word)
	return nil
}

func value(word string) any {
	if word == "nil" {
		return nil
	}
	return word
}

func (w *world) apply(words []string) {
	parent := func() context.Context { return w.nodes[words[2]].ctx }
	deadline := func() time.Time { return w.start.Add(duration(words[3])) }
	switch words[0] {
	case "with_cancel":
		ctx, cancel := context.WithCancel(parent())
		w.add(words[1], ctx, plain(cancel))
	case "with_cancel_cause":
		ctx, cancel := context.WithCancelCause(parent())
		w.add(words[1], ctx, cancel)
	case "with_deadline":
		ctx, cancel := context.WithDeadline(parent(), deadline())
		w.add(words[1], ctx, plain(cancel))
	case "with_deadline_cause":
		ctx, cancel := context.WithDeadlineCause(parent(), deadline(), cause(words[4]))
		w.add(words[1], ctx, plain(cancel))
	case "with_timeout":
		ctx, cancel := context.WithTimeout(parent(), duration(words[3]))
		w.add(words[1], ctx, plain(cancel))
	case "with_timeout_cause":
		ctx, cancel := context.WithTimeoutCause(parent(), duration(words[3]), cause(words[4]))
		w.add(words[1], ctx, plain(cancel))
	case "with_value":
		w.add(words[1], context.WithValue(parent(), key(words[3]), value(words[4])), nil)
	case "without_cancel":
		w.add(words[1], context.WithoutCancel(parent()), nil)
	case "cancel":
		w.nodes[words[1]].cancel(nil)
	case "cancel_cause":
		w.nodes[words[1]].cancel(cause(words[2]))
	case "after_func":
		c := &callback{}
		c.stop = context.AfterFunc(parent(), func() { c.runs.Add(1) })
		w.callbacks[words[1]] = c
		w.started = append(w.started, words[1])
	case "stop":
		w.out.WriteString(strconv.FormatBool(w.callbacks[words[1]].stop()) + "\n")
	case "advance":
		time.Sleep(duration(words[1]))
	case "observe":
	default:
		fail("not an operation: " + words[0])
	}
}

func observe(ctx context.Context, start time.Time) observation {
	seen := observation{err: ctx.Err(), cause: context.Cause(ctx), done: "open"}
	if ctx.Done() == nil {
		seen.done = "never"
	} else {
		select {
		case <-ctx.Done():
			seen.done = "closed"
		default:
		}
	}
	var deadline time.Time
	if deadline, seen.hasDeadline = ctx.Deadline(); seen.hasDeadline {
		seen.deadline = deadline.Sub(start)
	}
	for i, key := range keys {
		seen.values[i] = ctx.Value(key)
	}
	return seen
}

func nameOf(err error) string {
	for name, known := range causes {
		if known == err {
			return name
		}
	}
	return "unknown"
}

func (seen *observation) String() string {
	deadline := "none"
	if seen.hasDeadline {
		switch {
		case seen.deadline >= farAway:
			deadline = "forever"
		case seen.deadline <= -farAway:
			deadline = "long_ago"
		default:
			deadline = strconv.FormatInt(int64(seen.deadline), 10) + "ns"
		}
	}
	var values [keyCount]string
	for i, value := range seen.values {
		values[i] = "nil"
		if value != nil {
			values[i] = value.(string)
		}
	}
	return "err=" + nameOf(seen.err) + " cause=" + nameOf(seen.cause) + " done=" + seen.done +
		" deadline=" + deadline + " values=" + strings.Join(values[:], ",")
}

// What is new or differs from the last time, for that makes the shortest reading.
func (w *world) writeChanges() {
	for _, name := range w.order {
		n := w.nodes[name]
		if seen := observe(n.ctx, w.start); !n.seen || seen != n.last {
			n.seen, n.last = true, seen
			w.out.WriteString(name + " " + seen.String() + "\n")
		}
	}
	for _, name := range w.started {
		c := w.callbacks[name]
		if runs := c.runs.Load(); !c.seen || runs != c.last {
			c.seen, c.last = true, runs
			w.out.WriteString(name + " runs=" + strconv.Itoa(int(runs)) + "\n")
		}
	}
}

func (w *world) close() {
	for _, n := range w.nodes {
		if n.cancel != nil {
			n.cancel(nil)
		}
	}
	time.Sleep(step)
}

func fail(message string) {
	os.Stderr.WriteString("go interpreter: " + message + "\n")
	os.Exit(2)
}

func main() {
	runtime.GOMAXPROCS(1) // the clock moves when no thread has work: one is seven times as fast
	if len(os.Args) != 3 {
		fail("takes a file of programs and one for the observations")
	}
	programs, err := os.Open(os.Args[1])
	if err != nil {
		fail(err.Error())
	}
	file, err := os.Create(os.Args[2])
	if err != nil {
		fail(err.Error())
	}
	out := bufio.NewWriter(file)
	var current *world
	lines := bufio.NewScanner(programs)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			if current != nil {
				current.close()
			}
			current = nil
			out.WriteString("\n")
			continue
		}
		out.WriteString("> " + lines.Text() + "\n")
		if current == nil {
			current = newWorld(out)
		}
		current.apply(words)
		time.Sleep(step)
		current.writeChanges()
	}
	if err := errors.Join(lines.Err(), out.Flush(), file.Close()); err != nil {
		fail(err.Error())
	}
}
