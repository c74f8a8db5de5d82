// Package scenario is what a scenario's file is written with: its options and its variants, side by
// side. ../../scenario.h is the same in C++; names of options, values and messages are equal.
package scenario

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"scenarios/go/client"
)

// Scenario is one situation that the server can play.
type Scenario struct {
	Name    string
	Summary string
	// Build asks for the options and hands over the variants.
	Build func(*Builder)
}

// Variant is one of a scenario's servers. Its handler answers "/"; the Content-Type is plain text
// unless it says otherwise.
type Variant struct {
	Name     string
	Handler  http.HandlerFunc
	Counters []*Counter       // of its scenario
	Clients  []*client.Client // of its scenario
}

// Counter is a number that only grows, with the name that Prometheus knows it by.
type Counter struct {
	Name  string
	Help  string
	value atomic.Int64
}

// Add is safe from any goroutine.
func (c *Counter) Add(amount int64) { c.value.Add(amount) }

// Value is the sum so far.
func (c *Counter) Value() int64 { return c.value.Load() }

// Option is one that the scenario asked for, as it stands on a command line without the dashes.
type Option struct {
	Name     string
	Fallback string
	Help     string
}

// Builder is handed to a scenario's Build. The first error is kept and returned by Scenario.Select;
// what Build does with the values after it has no effect.
type Builder struct {
	given    map[string]string
	options  []Option
	variants []Variant
	counters []*Counter
	clients  []*client.Client
	err      error
}

// Duration is the value given, or else fallback, which is written as on the command line.
func (b *Builder) Duration(name, fallback, help string) time.Duration {
	text := b.take(name, fallback, help)
	value, ok := ParseDuration(text)
	if !ok {
		b.Refuse(`--%s must be a duration such as %s, is "%s"`, name, fallback, text)
	}
	return value
}

// Count is the value given, or else fallback: a whole number from 0 to most.
func (b *Builder) Count(name, fallback string, most int64, help string) int64 {
	text := b.take(name, fallback, help)
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strings.HasPrefix(text, "+") || value < 0 || value > most {
		b.Refuse(`--%s must be a whole number of at most %d such as %s, is "%s"`,
			name, most, fallback, text)
	}
	return value
}

// Thousandths is the value given, or else fallback, a number from 0 to most, in thousandths: "0.1" is
// 100.
func (b *Builder) Thousandths(name, fallback string, most int64, help string) int64 {
	text := b.take(name, fallback, help)
	parts := decimal.FindStringSubmatch(text)
	if parts != nil {
		digits := parts[1] + (parts[2] + "000")[:3]
		if value, err := strconv.ParseInt(digits, 10, 64); err == nil && value <= most*1000 {
			return value
		}
	}
	b.Refuse(`--%s must be a number of at most %d with at most 3 decimals such as %s, is "%s"`,
		name, most, fallback, text)
	return 0
}

var decimal = regexp.MustCompile(`^([0-9]+)(?:\.([0-9]{1,3}))?$`)

// Choice is the value given, or else fallback: one of those named.
func (b *Builder) Choice(name, fallback string, among []string, help string) string {
	known := strings.Join(among, ", ")
	text := b.take(name, fallback, help+": "+known)
	for _, one := range among {
		if one == text {
			return text
		}
	}
	b.Refuse(`--%s must be one of %s, is "%s"`, name, known, text)
	return fallback
}

// URL is the value given, or else fallback: where a client of the scenario's asks.
func (b *Builder) URL(name, fallback, help string) string {
	text := b.take(name, fallback, help)
	if !isURL(text) {
		b.Refuse(`--%s must be a URL such as %s, is "%s"`, name, fallback, text)
	}
	return text
}

// isURL takes what the C++ client takes: no names of other hosts, nothing in front of the host.
func isURL(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] <= 0x20 || text[i] >= 0x7f || text[i] == '#' {
			return false
		}
	}
	parsed, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(text, "http://") || parsed.User != nil {
		return false
	}
	port := parsed.Port()
	if port != "" {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number == 0 {
			return false
		}
	} else if strings.HasSuffix(parsed.Host, ":") {
		return false
	}
	host, err := netip.ParseAddr(parsed.Hostname())
	return parsed.Hostname() == "localhost" || (err == nil && host.Is4())
}

// Counter is a Prometheus counter on the control port, named leakbench_scenario_NAME. The manifest can
// make a row of the table of it: /counters.
func (b *Builder) Counter(name, help string) *Counter {
	counter := &Counter{Name: "leakbench_scenario_" + name, Help: help}
	b.counters = append(b.counters, counter)
	return counter
}

// Client is one for the scenario's own requests. The goroutines of its connections do not count as
// live tasks.
func (b *Builder) Client(options client.Options) *client.Client {
	made := client.New(options)
	b.clients = append(b.clients, made)
	return made
}

// Refuse says, in one line, what is wrong with which option.
func (b *Builder) Refuse(format string, arguments ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, arguments...)
	}
}

// Variant answers "/" in the variant of that name.
func (b *Builder) Variant(name string, handler http.HandlerFunc) {
	b.variants = append(b.variants, Variant{Name: name, Handler: handler})
}

func (b *Builder) take(name, fallback, help string) string {
	b.options = append(b.options, Option{name, fallback, help})
	if text, ok := b.given[name]; ok {
		return text
	}
	return fallback
}

// Describe is what there is to choose from.
func (s Scenario) Describe() ([]Variant, []Option) {
	b := s.build(nil)
	return b.variants, b.options
}

// Select is the variant of that name with the options given, by name without dashes. The error is
// one line for whoever started the server: a value that is none, an option that the scenario does
// not have, or a variant that it does not have, with those that it has.
func (s Scenario) Select(variant string, given map[string]string) (Variant, error) {
	b := s.build(given)
	if b.err != nil {
		return Variant{}, b.err
	}
	if err := b.refuseUnknownOptions(); err != nil {
		return Variant{}, err
	}
	var names []string
	for _, v := range b.variants {
		if v.Name == variant {
			v.Counters = b.counters
			v.Clients = b.clients
			return v, nil
		}
		names = append(names, v.Name)
	}
	known := "this scenario has " + strings.Join(names, ", ")
	if variant == "" {
		return Variant{}, fmt.Errorf("--variant is missing; %s", known)
	}
	return Variant{}, fmt.Errorf(`no variant "%s"; %s`, variant, known)
}

func (s Scenario) build(given map[string]string) *Builder {
	b := &Builder{given: given}
	s.Build(b)
	return b
}

func (b *Builder) refuseUnknownOptions() error {
	known := map[string]bool{}
	var names []string
	for _, option := range b.options {
		known[option.Name] = true
		names = append(names, "--"+option.Name)
	}
	unknown := ""
	for name := range b.given {
		if !known[name] && (unknown == "" || name < unknown) {
			unknown = name
		}
	}
	if unknown == "" {
		return nil
	}
	return fmt.Errorf("unknown option --%s; this scenario has %s", unknown, strings.Join(names, ", "))
}
